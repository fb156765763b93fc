//! The table of who may do what. Pure.

use crate::config::Anonymous;

/// What somebody may do, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// whoever reaches the port
    Visitor,
    /// may look
    Viewer,
    /// may change things
    Operator,
}

/// What a route asks for, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Permit {
    /// nothing: files of the page, probes, the login itself
    Open,
    /// to see numbers
    Counts,
    /// to see everything
    View,
    /// to change things
    Operate,
}

/// How the house stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// `auth = "none"`: knowingly open
    Open,
    /// nobody has set a password yet: everyone may look, nobody may change anything
    NoPassword,
    /// there is a password; visitors see this much
    Password(Anonymous),
}

/// The answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// yes
    Yes,
    /// not before a login: 401, or the login page
    LoginFirst,
    /// not before somebody has set a password with the one-time link: 403
    SetUpFirst,
    /// not with this role: 403
    Forbidden,
}

/// Decides.
pub fn decide(standing: Standing, role: Role, permit: Permit) -> Decision {
    let seen_by_visitors = match standing {
        Standing::Open => return Decision::Yes,
        Standing::NoPassword | Standing::Password(Anonymous::Viewer) => Permit::View,
        Standing::Password(Anonymous::Counts) => Permit::Counts,
        Standing::Password(Anonymous::None) => Permit::Open,
    };
    let allowed = match role {
        Role::Visitor => seen_by_visitors,
        Role::Viewer => Permit::View,
        Role::Operator => Permit::Operate,
    };
    match (role, standing) {
        _ if permit <= allowed => Decision::Yes,
        (Role::Visitor, Standing::NoPassword) => Decision::SetUpFirst,
        (Role::Visitor, _) => Decision::LoginFirst,
        _ => Decision::Forbidden,
    }
}

#[cfg(test)]
mod tests {
    use super::{
        Decision::{Forbidden, LoginFirst, SetUpFirst, Yes},
        *,
    };

    #[test]
    fn who_may_do_what() {
        let permits = [Permit::Open, Permit::Counts, Permit::View, Permit::Operate];
        for (standing, role, expected) in [
            (Standing::Open, Role::Visitor, [Yes, Yes, Yes, Yes]),
            (Standing::NoPassword, Role::Visitor, [Yes, Yes, Yes, SetUpFirst]),
            (Standing::Password(Anonymous::Viewer), Role::Visitor, [Yes, Yes, Yes, LoginFirst]),
            (Standing::Password(Anonymous::Counts), Role::Visitor, [Yes, Yes, LoginFirst, LoginFirst]),
            (Standing::Password(Anonymous::None), Role::Visitor, [Yes, LoginFirst, LoginFirst, LoginFirst]),
            (Standing::Password(Anonymous::Viewer), Role::Viewer, [Yes, Yes, Yes, Forbidden]),
            (Standing::Password(Anonymous::None), Role::Viewer, [Yes, Yes, Yes, Forbidden]),
            (Standing::Password(Anonymous::Viewer), Role::Operator, [Yes, Yes, Yes, Yes]),
            (Standing::Password(Anonymous::None), Role::Operator, [Yes, Yes, Yes, Yes]),
        ] {
            for (permit, expected) in permits.into_iter().zip(expected) {
                assert_eq!(decide(standing, role, permit), expected, "{standing:?} {role:?} {permit:?}");
            }
        }
    }
}
