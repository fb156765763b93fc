//! What's Up Docker's array.

use crate::house::house;

#[tokio::test]
async fn containers_are_a_bare_array_with_and_without_the_slash() {
    let house = house().start().await.checked().await;
    for path in ["/api/containers", "/api/containers/"] {
        let answer = house.get(path).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/json"));
        let array = answer.json();
        let array = array.as_array().unwrap();
        assert_eq!(array.len(), 2);
        assert_eq!(array.iter().filter(|one| one["updateAvailable"] == true).count(), 1);
        for one in array {
            for key in ["id", "name", "displayName", "displayIcon", "status", "watcher", "image", "result", "updateKind", "link", "labels"]
            {
                assert!(one.get(key).is_some(), "{key} is missing, and null would do");
            }
            assert!(one["image"]["digest"]["repo"].as_str().unwrap().len() >= 11);
        }
        assert_eq!(array[0]["image"]["registry"]["name"].as_str().unwrap().split('.').nth(1), Some("public"));
    }
}
