//! Those who take their time, and those who send too much.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::house::{House, LONG, house};

/// What the server says, and after how long, to who begins like this and then says one letter at a time.
async fn drip(house: &House, beginning: &str) -> (String, Duration) {
    let (mut reader, mut writer) = TcpStream::connect(house.address).await.unwrap().into_split();
    writer.write_all(beginning.as_bytes()).await.unwrap();
    let started = Instant::now();
    let dripping = tokio::spawn(async move {
        while writer.write_all(b"x").await.is_ok() {
            sleep(Duration::from_millis(20)).await;
        }
    });
    let mut answer = Vec::new();
    // a reset is an end too
    let _ = timeout(LONG, reader.read_to_end(&mut answer)).await.expect("the server closes");
    dripping.abort();
    (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
}

#[tokio::test]
async fn slow_heads_and_slow_bodies_are_cut() {
    let limit = Duration::from_millis(300);
    let house = house()
        .patience(|patience| {
            patience.head = limit;
            patience.answer = limit;
        })
        .start()
        .await;
    for beginning in ["G", "GET / HTTP/1.1\r\nHost: nas\r\nX-", "POST /api/login HTTP/1.1\r\nHost: nas\r\nContent-Length: 9000\r\n\r\n"] {
        let (answer, took) = drip(&house, beginning).await;
        assert!(took >= limit && took < limit * 5, "{beginning:?}: {took:?}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408"), "{beginning:?}: {answer}");
    }
    // who says nothing at all is not waited for either
    let mut silent = TcpStream::connect(house.address).await.unwrap();
    timeout(LONG, silent.read_to_end(&mut Vec::new())).await.expect("the server closes").unwrap();
    // a stream that has begun may last
    let mut follower = crate::events::Follower::new(&house, "", None).await;
    follower.next().await.unwrap();
    sleep(limit * 2).await;
    house.app.live.learn(plimsoll::live::Input::NextCheck(Some(1))).await;
    follower.until(|change| change.check.as_ref().is_some_and(|check| check.next == Some(1))).await;
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let house = house().password("viewer").start().await;
    let large = "x".repeat(70 * 1024);
    assert_eq!(house.post("/api/login", &large).await.status, 413);
    assert_eq!(house.form("/login", &format!("user=me&password={large}")).await.status, 413);
    let head = house.raw(&format!("GET / HTTP/1.1\r\nHost: nas\r\nConnection: close\r\nX-Large: {large}{large}\r\n\r\n")).await;
    assert!(head.starts_with("HTTP/1.1 431"), "{}", &head[..head.len().min(200)]);
    let address = house.send("GET", &format!("/{}", "x".repeat(9000)), &[]).await;
    assert!([404, 414].contains(&address.status), "{}", address.status);
}

#[tokio::test]
async fn nonsense_is_refused_and_the_server_goes_on() {
    let house = house().start().await;
    for nonsense in ["\r\n\r\n\r\n", "HELLO\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}\u{0}", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
    {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(nonsense.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        let _ = timeout(LONG, stream.read_to_end(&mut answer)).await.expect("the server closes");
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{nonsense:?}: {}", String::from_utf8_lossy(&answer));
    }
    for path in
        ["/%00", "/%ff", "/image/%ff", "/image/../..", "/pkg/..%2f..%2fCargo.toml", "/pkg/%2e%2e%2f", "//evil.example", "/?q=%ff&show=%00"]
    {
        let status = house.get(path).await.status;
        assert!(status == 200 || (400..500).contains(&status), "{path}: {status}");
    }
    assert_eq!(house.get("/livez").await.status, 200);
}
