//! How often a client may try. Bounded in time and in memory.

use std::{
    collections::{HashMap, VecDeque},
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// Clients that are remembered; beyond them the one that was longest silent is forgotten.
const CLIENTS_MAX: usize = 4096;

/// So many within a time, then a pause.
#[derive(Debug)]
pub(super) struct Limit {
    /// so many
    most: usize,
    /// within so many seconds
    within: i64,
    /// then none for so many seconds; 0 is "until the first of them is old enough"
    pause: i64,
    clients: Mutex<HashMap<IpAddr, Tries>>,
}

/// What a client did.
#[derive(Debug, Default)]
struct Tries {
    times: VecDeque<i64>,
    paused_until: i64,
    last: i64,
}

impl Limit {
    /// Wrong passwords: five in a minute, then none for half a minute.
    pub(super) fn tries() -> Self {
        Self { most: 5, within: 60, pause: 30, clients: Mutex::default() }
    }

    /// Wishes for a check: six a minute.
    pub(super) fn wishes() -> Self {
        Self { most: 6, within: 60, pause: 0, clients: Mutex::default() }
    }

    /// Counts a try before it is made, so that many at once are counted too; the error says how many seconds to wait.
    pub(super) fn take(&self, peer: IpAddr, now: i64) -> Result<(), u32> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let client = client(peer);
        if clients.len() >= CLIENTS_MAX && !clients.contains_key(&client) {
            self.make_room(&mut clients, now);
        }
        let tries = clients.entry(client).or_default();
        // a clock that was set back must not prolong a pause, nor keep what lies in its future
        let left = tries.paused_until - now;
        if (1..=self.pause).contains(&left) {
            return Err(u32::try_from(left).unwrap_or(u32::MAX));
        }
        let within = self.within;
        tries.times.retain(|time| (0..within).contains(&(now - time)));
        if let Some(first) = tries.times.front().filter(|_| tries.times.len() >= self.most) {
            return Err(u32::try_from(first + within - now).unwrap_or(u32::MAX));
        }
        tries.last = now;
        tries.times.push_back(now);
        if self.pause > 0 && tries.times.len() == self.most {
            tries.paused_until = now + self.pause;
            tries.times.clear();
        }
        Ok(())
    }

    /// Forgets a client that proved itself.
    pub(super) fn forget(&self, peer: IpAddr) {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner).remove(&client(peer));
    }

    /// Forgets all whose tries are old, and the longest silent where none is.
    fn make_room(&self, clients: &mut HashMap<IpAddr, Tries>, now: i64) {
        let kept = self.within.max(self.pause);
        clients.retain(|_, tries| (0..kept).contains(&(now - tries.last)));
        if clients.len() < CLIENTS_MAX {
            return;
        }
        if let Some(silent) = clients.iter().min_by_key(|(_, tries)| tries.last).map(|(client, _)| *client) {
            clients.remove(&silent);
        }
    }
}

/// Who counts as one: an IPv4 address, or the network (/64) that a household is given in IPv6.
fn client(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
        address @ IpAddr::V4(_) => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn five_tries_in_a_minute_and_then_a_pause() {
        let limit = Limit::tries();
        let peer = ip("10.0.0.1");
        for second in 0..5 {
            assert_eq!(limit.take(peer, 100 + second), Ok(()));
        }
        assert_eq!(limit.take(peer, 105), Err(29));
        assert_eq!(limit.take(ip("::ffff:10.0.0.1"), 105), Err(29));
        assert_eq!(limit.take(ip("10.0.0.2"), 105), Ok(()));
        assert_eq!(limit.take(peer, 134), Ok(()));
        // slow ones are never paused
        let slow = ip("10.0.0.3");
        for minute in 0..50 {
            assert_eq!(limit.take(slow, 1000 + minute * 16), Ok(()), "{minute}");
        }
        limit.forget(peer);
    }

    #[test]
    fn a_network_is_one_client() {
        let limit = Limit::tries();
        for host in 1..=5 {
            assert_eq!(limit.take(ip(&format!("2001:db8:1:2::{host}")), 0), Ok(()));
        }
        assert!(limit.take(ip("2001:db8:1:2:ffff::1"), 0).is_err());
        assert_eq!(limit.take(ip("2001:db8:1:3::1"), 0), Ok(()));
    }

    #[test]
    fn six_wishes_a_minute() {
        let limit = Limit::wishes();
        let peer = ip("10.0.0.1");
        for second in 0..6 {
            assert_eq!(limit.take(peer, second), Ok(()));
        }
        assert_eq!(limit.take(peer, 10), Err(50));
        assert_eq!(limit.take(peer, 60), Ok(()));
        assert_eq!(limit.take(peer, 60), Err(1));
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let limit = Limit::tries();
        let peer = ip("10.0.0.1");
        for _ in 0..5 {
            limit.take(peer, 1_000_000).unwrap();
        }
        assert_eq!(limit.take(peer, 500), Ok(()));
    }

    #[test]
    fn the_table_stays_small() {
        let limit = Limit::tries();
        for number in 0..10_000_u32 {
            limit.take(std::net::Ipv4Addr::from_bits(number).into(), 0).unwrap();
        }
        assert_eq!(limit.clients.lock().unwrap().len(), CLIENTS_MAX);
    }
}
