//! The forms that change the fleet, with JavaScript and without, and the pages that tell what came of them.

use plimsoll::simulate::engine::{ContainerSpec, Offer};
use serde_json::{Value, json};

use crate::{
    answer::Answer,
    house::{House, house},
    writing::{newer, open, outdated},
};

const REFRESH: &str = "<noscript><meta http-equiv=\"refresh\" content=\"3\"";

/// Posts a form from the page at `referer`, as the page's own program or as a browser without it.
async fn post(house: &House, path: &str, body: &str, referer: &str, program: bool) -> Answer {
    let accept = if program { "application/json" } else { "text/html" };
    let request = house.ask("POST", path).header("content-type", "application/x-www-form-urlencoded").header("accept", accept);
    Answer::read(request.header("referer", referer).body(body.to_owned()).send().await.unwrap()).await
}

async fn with_owned(house: &House) {
    house.engine.run(ContainerSpec::new("owned", "nginx:1.29").label("PODMAN_SYSTEMD_UNIT", "owned.service")).unwrap();
    house.until("both", |now| now.groups.iter().any(|group| group.workloads.len() == 2)).await;
}

#[tokio::test]
async fn without_javascript_a_form_leads_back_to_a_page_that_moves() {
    let house = outdated(open()).await;
    house.engine.offer("nginx:1.29", Offer::of(newer()).taking(std::time::Duration::from_secs(2))).unwrap();
    for page in ["/", "/image/docker.io/library/nginx:1.29", "/history"] {
        assert!(!house.get(page).await.text().contains(REFRESH), "{page}: nothing moves yet");
    }
    let back = post(&house, "/update", "host=nas&name=www", "http://nas/?by=host", false).await;
    assert_eq!((back.status, back.header("location")), (303, "/?by=host"));
    for page in ["/", "/image/docker.io/library/nginx:1.29", "/history"] {
        assert!(house.get(page).await.text().contains(REFRESH), "{page}");
    }
    for page in ["/image/ghcr.io/acme/db:16", "/login", "/nothing"] {
        assert!(!house.get(page).await.text().contains(REFRESH), "{page}");
    }
    house.until("the end", |now| now.operations.iter().all(|operation| !operation.is_running())).await;
    for page in ["/history", "/image/docker.io/library/nginx:1.29"] {
        let answer = house.get(page).await;
        assert!(answer.status == 200 && !answer.text().contains(REFRESH), "{page}");
        let past = &answer.start()["past"];
        assert_eq!((past.as_array().unwrap().len(), &past[0]["name"], &past[0]["outcome"]["is"]), (1, &json!("www"), &json!("updated")));
    }
    for page in ["/", "/image/ghcr.io/acme/db:16"] {
        assert_eq!(house.get(page).await.start()["past"], json!([]), "{page}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_by_the_page_and_by_no_other_link() {
    let house = open().start().await.checked().await;
    with_owned(&house).await;
    let back = post(&house, "/update", "host=nas&name=owned", "http://nas/?q=a&refused=9", false).await;
    assert_eq!((back.status, back.header("location")), (303, "/?q=a&refused=1"));
    let expected = json!({ "name": "owned", "refusal": { "kind": "quadlet", "unit": "owned.service" } });
    assert_eq!(house.get("/?q=a&refused=1").await.start()["refused"], expected);
    assert_eq!(house.get("/?q=a&refused=1").await.start()["refused"], expected, "also after a reload");
    for link in ["/", "/?refused=2", "/?refused=paused&name=%3Cb%3Eyou%20lost", "/?refused=", "/?refused=%7B%22kind%22%3A%22own%22%7D"] {
        assert_eq!(house.get(link).await.start()["refused"], Value::Null, "{link}");
    }
    // whoever may not look is not told either
    let closed = crate::house::house().password("none").start().await;
    assert_eq!(closed.get("/login?refused=1").await.start()["refused"], Value::Null);
}

#[tokio::test]
async fn the_pages_program_is_told_what_was_begun_and_what_was_refused() {
    let house = outdated(open()).await;
    with_owned(&house).await;
    let both = post(&house, "/update", "image=docker.io%2Flibrary%2Fnginx%3A1.29", "http://nas/", true).await;
    assert_eq!((both.status, both.header("content-type")), (202, "application/json"));
    let document = both.json();
    let operations: Vec<plimsoll::wire::Operation> = serde_json::from_value(document["operations"].clone()).unwrap();
    assert_eq!((operations.len(), operations[0].name.as_str(), operations[0].is_running()), (1, "www", true));
    assert_eq!(document["refused"], json!([{ "host": "nas", "name": "owned", "refusal": { "kind": "quadlet", "unit": "owned.service" } }]));
    let again = post(&house, "/update", "host=nas&name=www", "http://nas/", true).await;
    assert_eq!((again.status, &again.json()["refused"][0]["refusal"]["kind"]), (409, &json!("updating")));
    for body in ["host=nas&name=nothing", "host=moon&name=www", "image=nothing%3A1"] {
        let missing = post(&house, "/update", body, "http://nas/", true).await;
        assert_eq!((missing.status, &missing.json()["refused"][0]["refusal"]["kind"]), (409, &json!("not_found")), "{body}");
    }
    for body in ["", "name=www", "host=nas", "host=nas&name=www&image=nginx:1.29", "host=&name=&image="] {
        assert_eq!(post(&house, "/update", body, "http://nas/", true).await.status, 422, "{body}");
    }
}

#[tokio::test]
async fn the_switch_moves_where_it_was_told_to() {
    let house = house().config("auth = \"none\"\nbase_path = \"/p\"").start().await.checked().await;
    let on = || house.app.live.state().snapshot.groups.iter().flat_map(|group| &group.workloads).any(|row| row.auto_update);
    let back = post(&house, "/p/switch", "host=nas&name=www&on=true", "http://nas/p/image/docker.io/library/nginx:1.29", false).await;
    assert_eq!((back.status, back.header("location"), on()), (303, "/p/image/docker.io/library/nginx:1.29", true));
    let still = post(&house, "/p/switch", "host=nas&name=www&on=true", "http://nas/p/", true).await;
    assert_eq!((still.status, still.text(), on()), (204, "", true));
    assert_eq!((post(&house, "/p/switch", "host=nas&name=www&on=false", "http://nas/p/", true).await.status, on()), (204, false));
    for (body, status) in [("host=nas&name=nothing&on=true", 404), ("host=nas&name=www", 422), ("host=nas&name=www&on=maybe", 422)] {
        assert_eq!(post(&house, "/p/switch", body, "http://nas/p/", true).await.status, status, "{body}");
    }
    let back = post(&house, "/p/switch", "host=nas&name=nothing&on=true", "http://nas/p/", false).await;
    assert_eq!(back.header("location"), "/p/?refused=1");
}

#[tokio::test]
async fn a_form_without_a_login_leads_to_the_login() {
    let house = house().password("viewer").start().await.checked().await;
    for (path, body) in [("/update", "host=nas&name=www"), ("/switch", "host=nas&name=www&on=true")] {
        let browser = post(&house, path, body, "http://nas/", false).await;
        assert_eq!((browser.status, browser.header("location")), (303, "/login"), "{path}");
        assert_eq!(post(&house, path, body, "http://nas/", true).await.status, 401, "{path}");
    }
    assert!(house.app.live.state().snapshot.operations.is_empty());
}
