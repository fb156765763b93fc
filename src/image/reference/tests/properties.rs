//! Properties of references, on made-up texts.

use super::*;

proptest! {
    #[test]
    fn parsing_never_panics(text in any::<String>()) {
        let _ = text.parse::<Reference>();
    }

    #[test]
    fn parsing_never_panics_near_the_grammar(text in r"[a-zA-Z0-9/:@.\[\]_\-é%]{0,80}") {
        if let Ok(reference) = text.parse::<Reference>() {
            prop_assert_eq!(reference.to_string().parse(), Ok(reference));
        }
    }

    #[test]
    fn parse_and_print_are_each_others_inverse(
        host in r"docker\.io/|localhost/|[A-Z]{1,5}/|([a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?\.){1,3}[a-z]{1,5}(:[1-9][0-9]{0,3})?/|\[::[0-9a-f]{1,4}\](:5000)?/",
        path in r"[a-z0-9]{1,6}((\.|_|__|-{1,3})[a-z0-9]{1,6}){0,2}(/[a-z0-9]{1,6}((\.|_|__|-{1,3})[a-z0-9]{1,6}){0,2}){0,3}",
        tag in r"(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?",
        digest in r"(@sha256:[0-9a-f]{64}|@sha512:[0-9a-f]{128})?",
    ) {
        let text = format!("{host}{path}{tag}{digest}");
        let reference: Reference = text.parse().map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        prop_assert_eq!(reference.to_string().parse::<Reference>(), Ok(reference.clone()));
        prop_assert_eq!(reference.familiar().parse::<Reference>(), Ok(reference.clone()));
        prop_assert!(reference.tag().is_some() || reference.digest().is_some());
    }
}
