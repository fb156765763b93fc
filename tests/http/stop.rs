//! The end comes quickly, whatever is open.

use std::time::Duration;

use plimsoll::{
    server::Patience,
    simulate::registry::{Fault, Scope},
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use crate::{events::Follower, house::house, slack::within};

#[tokio::test]
async fn streams_end_at_once() {
    let house = house().start().await.checked().await;
    let mut followers = Vec::new();
    for _ in 0..20 {
        let mut follower = Follower::new(&house, "", None).await;
        assert_eq!(follower.next().await.unwrap().name, "snapshot");
        followers.push(follower);
    }
    let took = house.stop().await;
    assert!(took < within(Duration::from_millis(500)), "{took:?}");
    for mut follower in followers {
        // what changed just before may still come; then nothing does
        while let Some(event) = follower.next().await {
            assert_eq!(event.name, "change");
        }
    }
}

#[tokio::test]
async fn who_never_finishes_a_sentence_does_not_hold_up_the_end() {
    assert!(Patience::default().stop < Duration::from_secs(1));
    let house = house().patience(|patience| patience.stop = Duration::from_millis(200)).start().await.checked().await;
    let mut open = Vec::new();
    for words in ["", "GET / HT", "POST /api/login HTTP/1.1\r\nHost: nas\r\nContent-Length: 20\r\n\r\n{\"user\""] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(words.as_bytes()).await.unwrap();
        open.push(stream);
    }
    house.registry.fault(Scope::Whole, Fault::Hang);
    let waiting = tokio::spawn(house.ask("GET", "/api/v3/refresh").send());
    house.until("a check that hangs", |now| now.check.running.is_some()).await;
    let took = house.stop().await;
    assert!(took < within(Duration::from_millis(700)), "{took:?}");
    // who waited for the check was told that it is over
    assert_eq!(waiting.await.unwrap().unwrap().status(), 200);
}
