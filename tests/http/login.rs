//! Logins: by the contract, by the forms, by the one-time link.

use secrecy::ExposeSecret;

use crate::house::{PASSWORD, house};

#[tokio::test]
async fn login_answers_as_the_contract_says() {
    let house = house().password("none").start().await;
    let right = format!(r#"{{"user":"me","pass":"{PASSWORD}"}}"#);
    for (body, said) in [
        ("", (400, r#"{"error":"bad request"}"#)),
        ("{", (400, r#"{"error":"bad request"}"#)),
        (r#"{"user":"me"}"#, (400, r#"{"error":"bad request"}"#)),
        (r#"{"user":"","pass":""}"#, (400, r#"{"error":"bad request"}"#)),
        (r#"{"user":"me","pass":"wrong"}"#, (401, r#"{"error":"invalid credentials"}"#)),
        (r#"{"user":"you","pass":"correct horse"}"#, (401, r#"{"error":"invalid credentials"}"#)),
        (&right, (200, r#"{"status":"ok"}"#)),
    ] {
        let answer = house.post("/api/login", body).await;
        assert_eq!(answer.said(), said, "{body}");
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.headers.contains_key("set-cookie"), said.0 == 200);
    }
    assert_eq!(house.get("/api/login").await.said(), (405, r#"{"error":"method not allowed"}"#));
    assert_eq!(house.get("/api/logout").await.said(), (405, r#"{"error":"method not allowed"}"#));
}

#[tokio::test]
async fn a_session_lasts_until_its_logout() {
    let house = house().password("none").start().await;
    let answer = house.post("/api/login", &format!(r#"{{"user":"me","pass":"{PASSWORD}"}}"#)).await;
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.ends_with("; Path=/; Max-Age=7776000; HttpOnly; SameSite=Lax"), "{cookie}");
    let session = answer.cookie();
    let as_me = [("cookie", session.as_str())];
    assert_eq!(house.send("GET", "/api/images", &as_me).await.status, 200);
    let page = house.send("GET", "/", &as_me).await;
    assert_eq!((page.status, page.start()["viewer"]["name"].as_str()), (200, Some("me")));
    let out = house.send("POST", "/api/logout", &as_me).await;
    assert_eq!(out.said(), (200, r#"{"status":"ok"}"#));
    assert_eq!(out.header("set-cookie"), "session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    assert_eq!(house.send("GET", "/api/images", &as_me).await.status, 401);
    // nobody is logged out twice, and that is no fault
    assert_eq!(house.post("/api/logout", "").await.status, 200);
}

#[tokio::test]
async fn five_wrong_tries_and_then_a_pause_for_that_client() {
    let house = house().password("none").start().await;
    for _ in 0..5 {
        assert_eq!(house.post("/api/login", r#"{"user":"me","pass":"wrong"}"#).await.status, 401);
    }
    let right = format!(r#"{{"user":"me","pass":"{PASSWORD}"}}"#);
    assert_eq!(house.post("/api/login", &right).await.said(), (429, r#"{"error":"too many attempts, try later"}"#));
    let form = house.form("/login", "user=me&password=correct+horse").await;
    assert_eq!((form.status, form.header("location")), (303, "/login?error=blocked"));
    // pages still come, and logouts too
    assert_eq!(house.get("/login").await.status, 200);
    assert_eq!(house.post("/api/logout", "").await.status, 200);
}

#[tokio::test]
async fn where_everything_is_open_a_login_is_no_fault() {
    let house = house().config("auth = \"none\"").start().await;
    let answer = house.post("/api/login", r#"{"user":"me","pass":"x"}"#).await;
    assert_eq!(answer.said(), (200, r#"{"status":"ok"}"#));
}

#[tokio::test]
async fn sessions_survive_a_restart_and_end_with_a_new_password() {
    let data = tempfile::tempdir().unwrap();
    let first = house().password("none").data(data.path()).start().await;
    let session = first.log_in("/api/login").await;
    first.stop().await;
    let second = house().password("none").data(data.path()).start().await;
    assert_eq!(second.send("GET", "/api/images", &[("cookie", &session)]).await.status, 200);
    second.stop().await;
    let third = house().config("user = \"me\"\npassword = \"another one\"").data(data.path()).start().await;
    assert_eq!(third.send("GET", "/api/images", &[("cookie", &session)]).await.status, 401);
}

#[tokio::test]
async fn the_form_leads_to_the_page_that_was_asked_for_and_nowhere_else() {
    let house = house().config("base_path = \"/p\"").password("none").start().await;
    let form = |next: &str| format!("user=me&password=correct+horse&next={next}");
    for (next, to) in [
        ("%2Fp%2Fimage%2Fnginx", "/p/image/nginx"),
        ("%2Fp%2F%3Fshow%3Dbehind", "/p/?show=behind"),
        ("", "/p/"),
        ("https%3A%2F%2Fevil.example", "/p/"),
        ("%2F%2Fevil.example", "/p/"),
        ("%2Fp%2F%5Cevil.example", "/p/"),
        ("%2Felsewhere", "/p/"),
        ("%2Fp%2F%0D%0Ax%3A+y", "/p/"),
        ("%2Fp%2F%00", "/p/"),
        ("%2Fp%2F%C3%A9", "/p/"),
        ("%2Fp%2F..%2Fother", "/p/"),
    ] {
        let answer = house.form("/p/login", &form(next)).await;
        assert_eq!((answer.status, answer.header("location")), (303, to), "{next}");
        assert!(answer.header("set-cookie").contains("; Path=/p/;"));
    }
    let wrong = house.form("/p/login", "user=me&password=wrong").await;
    assert_eq!((wrong.status, wrong.header("location")), (303, "/p/login?error=wrong"));
    let wrong = house.form("/p/login", "user=me&password=wrong&next=%2Fp%2Fimage%2Fx").await;
    assert_eq!(wrong.header("location"), "/p/login?error=wrong&next=%2Fp%2Fimage%2Fx", "the way back is not forgotten");
    assert!(house.get("/p/login?error=wrong").await.text().contains("User or password is wrong."));
}

#[tokio::test]
async fn the_one_time_link_sets_the_password_once() {
    let house = house().start().await;
    let token = house.app.access.setup_token().unwrap();
    let token = token.expose_secret();
    assert_eq!(house.get(&format!("/setup?token={token}")).await.status, 200);
    let form = |token: &str, password: &str| format!("token={token}&user=me&password={password}&anonymous=none");
    let wrong = house.form("/setup", &form("wrong", "long+enough")).await;
    assert_eq!((wrong.status, wrong.header("location")), (303, "/setup?token=wrong&error=expired"));
    let short = house.form("/setup", &form(token, "short")).await;
    assert!(short.header("location").ends_with("&error=short"), "{}", short.header("location"));
    let done = house.form("/setup", &form(token, "long+enough")).await;
    assert_eq!((done.status, done.header("location")), (303, "/"));
    assert_eq!(house.send("GET", "/api/images", &[("cookie", &done.cookie())]).await.status, 200);
    assert_eq!(house.get("/api/images").await.status, 401, "visitors see nothing from now on");
    let again = house.form("/setup", &form(token, "another+one")).await;
    assert_eq!((again.status, again.header("location")), (303, "/login"));
}
