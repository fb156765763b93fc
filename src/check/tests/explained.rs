//! What is found out beside digests and tags, and what it changes.

use super::*;
use crate::{
    image::judge::{Local, judge},
    simulate::registry::{Fault, Scope},
    wire::{Level, Reason, Verdict},
};

fn platform(architecture: &str) -> Platform {
    Platform { os: "linux".into(), architecture: architecture.into(), variant: None }
}

/// What `finding` means for an image with the digest `running`, on amd64.
fn judged(finding: &Finding, running: &Digest) -> Verdict {
    let local = Local { digests: [running.clone()].into(), platform: Some(platform("amd64")), ..Local::default() };
    judge(Some(finding), &local, &Policy::default()).0
}

#[tokio::test]
async fn a_tag_that_is_gone_is_told_with_what_could_come_in_its_place() {
    let registry = Registry::start().await.unwrap();
    let running = registry.push("acme/app", "1.2.3", 1);
    registry.push("acme/app", "1.2.4", 2);
    registry.remove("acme/app", "1.2.3");
    let ask = async || one(&registries(), question(at(&registry, "acme/app:1.2.3"), std::slice::from_ref(&running))).await;
    let finding = ask().await;
    assert_eq!(finding.answer.as_ref().unwrap().digest, None);
    assert_eq!(judged(&finding, &running), Verdict::Newer { level: Level::Patch, tag: "1.2.4".into(), rebuilt: false });
    registry.remove("acme/app", "1.2.4");
    let reason = Reason::TagGone { registry: registry.address().to_string() };
    assert_eq!(judged(&ask().await, &running), Verdict::Unknown { reason });
}

#[tokio::test]
async fn without_the_list_a_current_tag_is_unknown_and_a_rebuilt_one_rebuilt() {
    let registry = Registry::start().await.unwrap();
    let old = registry.push("acme/app", "1.2.3", 1);
    let new = registry.push("acme/app", "1.2.3", 2);
    registry.fault(Scope::Tags, Fault::Status(403));
    let finding = one(&registries(), question(at(&registry, "acme/app:1.2.3"), &[old.clone(), new.clone()])).await;
    let reason = Reason::NotFoundOrNoAccess { registry: registry.address().to_string(), status: 403 };
    assert_eq!(judged(&finding, &new), Verdict::Unknown { reason });
    assert_eq!(judged(&finding, &old), Verdict::Rebuilt);
}

#[tokio::test]
async fn an_index_that_was_pushed_again_is_no_update_where_its_platform_is_the_same() {
    let registry = Registry::start().await.unwrap();
    let running = registry.push("acme/app", "stable", 1);
    let reference = at(&registry, "acme/app:stable");
    let before = registries().details(&reference, &BTreeSet::new(), None, true).await.answer.unwrap();
    let again = registry.repush_index("acme/app", "stable").unwrap();
    assert_ne!(again, running);
    let finding = one(&registries(), question(reference, std::slice::from_ref(&running))).await;
    let image = before.for_platform(&platform("amd64")).unwrap();
    for same in [image.manifest.clone(), image.config.clone().unwrap()] {
        for pulled in [None, Some([again.clone()].into())] {
            let (digests, platform) = ([running.clone()].into(), Some(platform("amd64")));
            let local = Local { digests, same: [same.clone()].into(), platform, superseded_by: pulled, ..Local::default() };
            assert_eq!(judge(Some(&finding), &local, &Policy::default()).0, Verdict::UpToDate, "also where it was pulled since");
        }
    }
    assert_eq!(judged(&finding, &running), Verdict::Rebuilt, "an Engine that does not tell what it runs is told of the new digest");
}

#[tokio::test]
async fn a_candidate_that_is_not_there_for_the_platform_is_not_offered() {
    let registry = Registry::start().await.unwrap();
    let both = [platform("amd64"), platform("arm64")];
    let running = registry.push_for("acme/app", "1.2.3", 1, &both);
    registry.push_for("acme/app", "1.2.4", 2, &both);
    registry.push_for("acme/app", "1.2.5", 3, &both[..1]);
    let asked = question(at(&registry, "acme/app:1.2.3"), std::slice::from_ref(&running));
    let finding = one(&registries(), Question { platforms: [platform("arm64")].into(), ..asked }).await;
    let local = Local { digests: [running].into(), platform: Some(platform("arm64")), ..Local::default() };
    let (verdict, choice) = judge(Some(&finding), &local, &Policy::default());
    assert_eq!(verdict, Verdict::Newer { level: Level::Patch, tag: "1.2.4".into(), rebuilt: false });
    assert!(choice.passed_over.iter().any(|passed| passed.tag == "1.2.5"), "{:?}", choice.passed_over);
}
