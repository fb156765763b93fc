//! Logins, sessions and the first run, over a real store.

use std::sync::atomic::{AtomicI64, Ordering};

use http::{HeaderMap, header};
use secrecy::ExposeSecret;

use super::*;
use crate::config::Password;

/// A clock that is set by hand.
#[derive(Clone, Default)]
struct Hands(Arc<AtomicI64>);

impl Hands {
    fn clock(&self) -> Clock {
        let hands = self.clone();
        Clock::new(move || hands.0.load(Ordering::SeqCst))
    }

    fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

fn configured(password: Option<&str>, anonymous: Option<Anonymous>) -> config::Access {
    let credential = password.map(|password| ("me".to_owned(), Password::parse(password.into()).unwrap()));
    config::Access { auth: Auth::Password, anonymous, credential }
}

/// The headers of a browser that was given this cookie.
fn browser(cookie: &SessionCookie) -> HeaderMap {
    let set = cookie.header(&config::BasePath::root(), false);
    let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
    HeaderMap::from_iter([(header::COOKIE, pair.parse().unwrap())])
}

fn basic(user: &str, password: &str) -> HeaderMap {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let value = format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")));
    HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())])
}

#[tokio::test]
async fn with_nothing_configured_one_may_look_and_not_touch() {
    let access = Access::new(&configured(None, None), Store::in_memory().await.unwrap(), Clock::system()).await.unwrap();
    assert_eq!(access.standing(), Standing::NoPassword);
    assert!(access.enabled());
    let visitor = access.identify(&HeaderMap::new(), PEER).await;
    assert_eq!(visitor, Identity::visitor());
    assert_eq!(access.allows(&visitor, Permit::View), Decision::Yes);
    assert_eq!(access.allows(&visitor, Permit::Operate), Decision::SetUpFirst);
    assert!(matches!(access.login(PEER, "me", &"x".into()).await, Err(LoginError::NoPassword)));
}

#[tokio::test]
async fn auth_none_opens_everything() {
    let config = config::Access { auth: Auth::None, ..configured(None, None) };
    let access = Access::new(&config, Store::in_memory().await.unwrap(), Clock::system()).await.unwrap();
    assert!(!access.enabled());
    assert!(access.setup_token().is_none());
    assert_eq!(access.allows(&Identity::visitor(), Permit::Operate), Decision::Yes);
    assert!(matches!(access.login(PEER, "me", &"x".into()).await, Err(LoginError::NotNeeded)));
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_with_logout() {
    let directory = tempfile::tempdir().unwrap();
    let hands = Hands::default();
    let config = configured(Some("hunter2"), None);
    let headers = {
        let store = Store::open(directory.path()).await.unwrap();
        let access = Access::new(&config, store, hands.clock()).await.unwrap();
        assert!(matches!(access.login(PEER, "me", &"hunter3".into()).await, Err(LoginError::Wrong)));
        assert!(matches!(access.login(PEER, "you", &"hunter2".into()).await, Err(LoginError::Wrong)));
        assert!(matches!(access.login(PEER, "", &"hunter2".into()).await, Err(LoginError::Incomplete)));
        browser(&access.login(PEER, "me", &"hunter2".into()).await.unwrap())
    };
    hands.forward(3600);
    let store = Store::open(directory.path()).await.unwrap();
    let access = Access::new(&config, store.clone(), hands.clock()).await.unwrap();
    let identity = access.identify(&headers, PEER).await;
    assert_eq!(identity, Identity { user: Some("me".to_owned()), role: Role::Operator, by: By::Session });
    assert_eq!(access.allows(&identity, Permit::Operate), Decision::Yes);

    let stored = store.load_sessions().await.unwrap();
    assert!(!headers[header::COOKIE].to_str().unwrap().contains(&stored[0].hash));

    access.logout(&headers).await.unwrap();
    assert_eq!(access.identify(&headers, PEER).await, Identity::visitor());
    assert!(store.load_sessions().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_ends_unused_after_thirty_days_and_in_any_case_after_ninety() {
    const DAY: i64 = 24 * 3600;
    let hands = Hands::default();
    let access = Access::new(&configured(Some("hunter2"), None), Store::in_memory().await.unwrap(), hands.clock()).await.unwrap();
    let unused = browser(&access.login(PEER, "me", &"hunter2".into()).await.unwrap());
    let used = browser(&access.login(PEER, "me", &"hunter2".into()).await.unwrap());
    hands.forward(29 * DAY);
    assert!(access.identify(&used, PEER).await.is_known());
    hands.forward(2 * DAY);
    assert!(!access.identify(&unused, PEER).await.is_known());
    for _ in 0..2 {
        assert!(access.identify(&used, PEER).await.is_known());
        hands.forward(29 * DAY);
    }
    assert!(access.identify(&used, PEER).await.is_known());
    hands.forward(2 * DAY);
    assert!(!access.identify(&used, PEER).await.is_known());
}

#[tokio::test]
async fn another_password_ends_all_sessions() {
    let store = Store::in_memory().await.unwrap();
    let hash = hash_password(&"hunter2".into()).unwrap();
    let mut headers = HeaderMap::new();
    // (what is configured, whether the session of the start is still good)
    for (password, lasts) in [("hunter2", true), ("hunter2", true), ("hunter3", false), (hash.as_str(), false), (hash.as_str(), false)] {
        let access = Access::new(&configured(Some(password), None), store.clone(), Clock::system()).await.unwrap();
        if headers.is_empty() {
            headers = browser(&access.login(PEER, "me", &"hunter2".into()).await.unwrap());
        }
        assert_eq!(access.identify(&headers, PEER).await.is_known(), lasts);
    }
    let by_hash = Access::new(&configured(Some(&hash), None), store.clone(), Clock::system()).await.unwrap();
    let headers = browser(&by_hash.login(PEER, "me", &"hunter2".into()).await.unwrap());
    let again = Access::new(&configured(Some(&hash), None), store.clone(), Clock::system()).await.unwrap();
    assert!(again.identify(&headers, PEER).await.is_known());
    let without = Access::new(&configured(None, None), store, Clock::system()).await.unwrap();
    assert!(!without.identify(&headers, PEER).await.is_known());
}

#[tokio::test]
async fn five_wrong_tries_block_a_client_for_half_a_minute() {
    let hands = Hands::default();
    let access = Access::new(&configured(Some("hunter2"), None), Store::in_memory().await.unwrap(), hands.clock()).await.unwrap();
    for _ in 0..5 {
        assert!(matches!(access.login(PEER, "me", &"wrong".into()).await, Err(LoginError::Wrong)));
    }
    assert!(matches!(access.login(PEER, "me", &"hunter2".into()).await, Err(LoginError::TooMany { seconds: 30 })));
    assert!(access.login("10.0.0.2".parse().unwrap(), "me", &"hunter2".into()).await.is_ok());
    hands.forward(30);
    assert!(access.login(PEER, "me", &"hunter2".into()).await.is_ok());
}

#[tokio::test]
async fn basic_lets_tools_read() {
    let access =
        Access::new(&configured(Some("hunter2"), None), Store::in_memory().await.unwrap(), Hands::default().clock()).await.unwrap();
    for _ in 0..20 {
        let identity = access.identify(&basic("me", "hunter2"), PEER).await;
        assert_eq!(access.allows(&identity, Permit::View), Decision::Yes);
        assert_eq!(access.allows(&identity, Permit::Operate), Decision::Forbidden);
    }
    for (user, password) in [("me", "wrong"), ("you", "hunter2"), ("", ""), ("me", ""), ("a", "b")] {
        assert_eq!(access.identify(&basic(user, password), PEER).await, Identity::visitor());
    }
    // that client is paused now, but what was right is remembered, and the login form is not affected
    assert!(access.identify(&basic("me", "hunter2"), PEER).await.is_known());
    assert!(access.login(PEER, "me", &"hunter2".into()).await.is_ok());
    for value in ["Basic", "Basic !", "Bearer abc", "Basic bWU="] {
        let headers = HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        assert_eq!(access.identify(&headers, PEER).await, Identity::visitor());
    }
}

#[tokio::test]
async fn the_link_sets_the_password_once() {
    let store = Store::in_memory().await.unwrap();
    let config = configured(None, None);
    let access = Access::new(&config, store.clone(), Clock::system()).await.unwrap();
    let link = access.setup_token().unwrap();
    let choice = Choice { user: "captain".to_owned(), password: "long enough".into(), anonymous: Anonymous::Counts };

    assert!(matches!(access.set_up(PEER, "wrong", &choice).await, Err(SetUpError::Link)));
    let short = Choice { password: "short".into(), ..choice.clone() };
    assert!(matches!(access.set_up(PEER, link.expose_secret(), &short).await, Err(SetUpError::Password)));
    let nameless = Choice { user: " ".to_owned(), ..choice.clone() };
    assert!(matches!(access.set_up(PEER, link.expose_secret(), &nameless).await, Err(SetUpError::User)));

    let headers = browser(&access.set_up(PEER, link.expose_secret(), &choice).await.unwrap());
    assert_eq!(access.identify(&headers, PEER).await.role, Role::Operator);
    assert_eq!(access.standing(), Standing::Password(Anonymous::Counts));
    assert!(access.setup_token().is_none());
    assert!(matches!(access.set_up(PEER, link.expose_secret(), &choice).await, Err(SetUpError::Done)));

    let again = Access::new(&config, store.clone(), Clock::system()).await.unwrap();
    assert_eq!(again.standing(), Standing::Password(Anonymous::Counts));
    assert!(again.identify(&headers, PEER).await.is_known());
    assert!(again.login(PEER, "captain", &"long enough".into()).await.is_ok());

    // what is configured wins over what was set
    let configured = Access::new(&configured(Some("hunter2"), Some(Anonymous::Viewer)), store, Clock::system()).await.unwrap();
    assert_eq!(configured.standing(), Standing::Password(Anonymous::Viewer));
    assert!(matches!(configured.login(PEER, "captain", &"long enough".into()).await, Err(LoginError::Wrong)));
    assert!(configured.login(PEER, "me", &"hunter2".into()).await.is_ok());
}

#[tokio::test]
async fn of_two_who_follow_the_link_at_once_one_wins() {
    let access = Access::new(&configured(None, None), Store::in_memory().await.unwrap(), Clock::system()).await.unwrap();
    let link = access.setup_token().unwrap();
    let choice = |user: &str| Choice { user: user.to_owned(), password: "long enough".into(), anonymous: Anonymous::None };
    let (one, two) = (choice("one"), choice("two"));
    let both = tokio::join!(access.set_up(PEER, link.expose_secret(), &one), access.set_up(PEER, link.expose_secret(), &two));
    assert_eq!([both.0.is_ok(), both.1.is_ok()].iter().filter(|done| **done).count(), 1);
}

#[tokio::test]
async fn a_visitor_may_wish_for_six_checks_a_minute() {
    let access =
        Access::new(&configured(Some("hunter2"), None), Store::in_memory().await.unwrap(), Hands::default().clock()).await.unwrap();
    let visitor = Identity::visitor();
    assert_eq!((0..10).filter(|_| access.hears_wish(&visitor, PEER)).count(), 6);
    let operator = Identity { user: Some("me".to_owned()), role: Role::Operator, by: By::Session };
    assert_eq!((0..10).filter(|_| access.hears_wish(&operator, PEER)).count(), 10);
}

#[tokio::test]
async fn the_token_of_the_command_line_is_good_on_this_machine_alone() {
    let access = Access::new(&configured(None, None), Store::in_memory().await.unwrap(), Clock::system()).await.unwrap();
    let bearer = |token: &str| HeaderMap::from_iter([(header::AUTHORIZATION, format!("Bearer {token}").parse().unwrap())]);
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    assert_eq!(access.identify(&bearer(&"A".repeat(43)), ip("127.0.0.1")).await, Identity::visitor(), "no door is open yet");
    let token = access.open_door(ip("10.0.0.9")).unwrap();
    let token = token.expose_secret();
    for (peer, known) in [("127.0.0.1", true), ("::1", true), ("10.0.0.9", true), ("10.0.0.1", false), ("203.0.113.1", false)] {
        let identity = access.identify(&bearer(token), ip(peer)).await;
        assert_eq!(identity.by == By::Token, known, "{peer}");
        assert_eq!(access.allows(&identity, Permit::Operate) == Decision::Yes, known, "{peer}");
    }
    let mut other = token.to_owned();
    let last = if other.ends_with('A') { 'B' } else { 'A' };
    other.pop();
    other.push(last);
    for wrong in [other.as_str(), &token[1..], ""] {
        assert_eq!(access.identify(&bearer(wrong), ip("127.0.0.1")).await, Identity::visitor(), "{wrong}");
    }
    let next = access.open_door(ip("127.0.0.1")).unwrap();
    assert_eq!(access.identify(&bearer(token), ip("127.0.0.1")).await, Identity::visitor(), "the door has a new lock");
    assert_eq!(access.identify(&bearer(next.expose_secret()), ip("127.0.0.1")).await.by, By::Token);
}
