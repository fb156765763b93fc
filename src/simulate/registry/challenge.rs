//! The guard: lets a request pass, or says what it wants to see.

use http::{StatusCode, header};

use super::{
    Shared,
    access::{Access, Login},
    fault::Fault,
    reply::{self, Answer},
};

/// Checks a request about `repository`. Where it may not pass, the answer.
pub(super) fn guard(shared: &Shared, repository: Option<&str>, authorization: Option<&str>, faults: &[Fault]) -> Option<Answer> {
    let state = shared.state();
    match &state.access {
        Access::Open => None,
        Access::Basic(login) => {
            let shown = authorization.and_then(Login::shown);
            (shown.as_ref() != Some(login)).then(|| refuse("Basic realm=\"simulated\""))
        }
        Access::Token { .. } => {
            let token = authorization.and_then(|value| value.strip_prefix("Bearer "));
            let error = match token.map(|token| state.grants.check(token, repository)) {
                Some(Ok(())) => return None,
                Some(Err(error)) => Some(error),
                None => None,
            };
            Some(refuse(&challenge(shared, repository, error, faults)))
        }
    }
}

/// What is wanted, as this registry writes it.
fn challenge(shared: &Shared, repository: Option<&str>, error: Option<&str>, faults: &[Fault]) -> String {
    let has = |fault: &Fault| faults.contains(fault);
    let given = faults.iter().find_map(|fault| if let Fault::Realm(realm) = fault { Some(realm.clone()) } else { None });
    let realm = given.unwrap_or_else(|| format!("http://{}/token", shared.address));
    let scheme = if has(&Fault::LowerCaseScheme) { "bearer" } else { "Bearer" };
    let quote = if has(&Fault::UnquotedRealm) { "" } else { "\"" };
    let mut text = format!("{scheme} realm={quote}{realm}{quote},service=\"simulated\"");
    if has(&Fault::PlaceholderScope) {
        text.push_str(",scope=\"repository:user/image:pull\"");
    } else if let Some(repository) = repository {
        text.push_str(",scope=\"repository:");
        text.push_str(repository);
        text.push_str(":pull\"");
    }
    if let Some(error) = error {
        text.push_str(",error=\"");
        text.push_str(error);
        text.push('"');
    }
    if has(&Fault::TwoChallenges) {
        text.push_str(",Basic realm=\"simulated\"");
    }
    text
}

/// The answer to who may not pass.
fn refuse(challenge: &str) -> Answer {
    let mut answer = reply::error(StatusCode::UNAUTHORIZED, "UNAUTHORIZED", "authentication required", None);
    reply::set(&mut answer, header::WWW_AUTHENTICATE, challenge);
    answer
}
