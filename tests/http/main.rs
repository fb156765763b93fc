//! The doors from outside: the whole program on simulated Engines and registries, asked over real HTTP.

#![expect(clippy::unwrap_used, reason = "in a test that is the way to fail")]

mod abuse;
mod answer;
mod check;
mod contract;
mod cup;
mod engine;
mod events;
mod headers;
mod hosts;
mod house;
mod login;
mod operate;
mod paths;
mod permits;
mod safety;
#[path = "../support/proxy.rs"]
mod proxy;
#[path = "../support/slack.rs"]
mod slack;
mod start;
mod stop;
mod updates;
mod writing;
mod wud;
