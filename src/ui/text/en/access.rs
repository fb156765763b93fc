//! Logins.

use crate::wire::{LoginTrouble, PASSWORD_MIN};

/// Why a login was refused, and what to do.
pub fn login_trouble(trouble: LoginTrouble) -> String {
    match trouble {
        LoginTrouble::Wrong => "User or password is wrong.".to_owned(),
        LoginTrouble::Blocked => "Too many tries. Wait half a minute, then try again.".to_owned(),
        LoginTrouble::Short => format!("That password is too short: choose at least {PASSWORD_MIN} characters."),
        LoginTrouble::User => "A user name has 1 to 64 characters.".to_owned(),
        LoginTrouble::Unset => "No password is set yet. Open the link in Plimsoll's log to set one.".to_owned(),
        LoginTrouble::Failed => "This could not be tried. Plimsoll's log says why.".to_owned(),
        LoginTrouble::Expired => "This link no longer works. Restart Plimsoll and open the new link in its log.".to_owned(),
    }
}

/// What the password of the first run is for.
pub fn setup_more() -> String {
    format!("Whoever logs in with it may change what runs on your hosts. Choose at least {PASSWORD_MIN} characters.")
}

/// What holds until a password is set: a strong beginning, and the rest.
pub fn first_run() -> (&'static str, &'static str) {
    (
        "No password is set.",
        "Anyone who reaches this port may look, nobody may change anything. Open the link in Plimsoll's log to set one.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_an_address_and_its_own_words() {
        let mut seen = std::collections::BTreeSet::new();
        for trouble in LoginTrouble::ALL {
            assert_eq!(LoginTrouble::parse(trouble.as_str()), Some(trouble));
            assert!(seen.insert(login_trouble(trouble)), "{trouble:?}");
        }
        assert_eq!(LoginTrouble::parse("else"), None);
        assert_eq!(login_trouble(LoginTrouble::Short), "That password is too short: choose at least 8 characters.");
        assert!(setup_more().ends_with("at least 8 characters."));
    }
}
