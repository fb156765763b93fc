//! The event stream: opened at the revision of the page, opened again for as long as the page is open.
//!
//! `EventSource` reconnects by itself only after some kinds of failure, and always with the address that it began with. Here each
//! failure closes it, and the next one begins at the revision that is shown by then.

use std::{
    cell::{Cell, OnceCell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Event, EventSource, MessageEvent};

use super::{
    browser::{self, Handler},
    state::{Connection, State},
};
use crate::wire::read::{Take, read};

/// The first wait before it is tried again. It doubles with each failure.
const WAIT_MIN: Duration = Duration::from_secs(1);

/// The longest wait.
const WAIT_MAX: Duration = Duration::from_secs(30);

/// How long a break may last before the page speaks of it.
const PATIENCE: Duration = Duration::from_secs(3);

/// After this much sleep a stream is opened anew: whether it still lives cannot be told.
const SLEEP_SECONDS: i64 = 60;

/// A stream without any event for so long is broken, though nobody said so: the server sends a `beat` every 15 seconds.
const SILENCE_SECONDS: i64 = 45;

/// How often it is looked whether the stream is silent.
const LOOK: Duration = Duration::from_secs(15);

/// The connection of one page.
struct Line {
    state: State,
    source: RefCell<Option<EventSource>>,
    /// the next try
    retry: RefCell<Option<TimeoutHandle>>,
    wait: Cell<Duration>,
    /// when the stream was last heard or opened
    heard: Cell<i64>,
    /// since when there is no stream
    lost: Cell<Option<i64>>,
    /// since when nobody sees the page
    hidden: Cell<Option<i64>>,
    handlers: OnceCell<[(&'static str, JsValue); 5]>,
}

/// Keeps `state` up to date until the page is closed.
pub(super) fn connect(state: State) {
    let line = Rc::new(Line {
        state,
        source: RefCell::new(None),
        retry: RefCell::new(None),
        wait: Cell::new(WAIT_MIN),
        heard: Cell::new(browser::now()),
        lost: Cell::new(None),
        hidden: Cell::new(None),
        handlers: OnceCell::new(),
    });
    line.handlers.get_or_init(|| {
        [
            ("open", handler(&line, |line, _: Event| line.opened())),
            ("beat", handler(&line, |line, _: Event| line.hear())),
            ("change", handler(&line, |line, event| line.take(&event, State::apply))),
            ("snapshot", handler(&line, |line, event| line.take(&event, State::replace))),
            ("error", handler(&line, |line, _: Event| line.broken())),
        ]
    });
    // a page that the browser keeps asleep must hold no connection
    browser::listen("pagehide", with(&line, |line| line.close()));
    browser::listen("pageshow", with(&line, Line::wake));
    browser::listen("online", with(&line, Line::wake));
    browser::listen("visibilitychange", with(&line, Line::seen));
    let silent = line.clone();
    set_interval(move || silent.listen(), LOOK);
    line.open();
}

/// A listener that knows the line.
fn with(line: &Rc<Line>, act: impl Fn(&Rc<Line>) + 'static) -> Handler {
    let line = line.clone();
    Box::new(move |_| act(&line))
}

/// The same for events of the stream. It lives as long as the page.
fn handler<E: JsCast + 'static>(line: &Rc<Line>, act: impl Fn(&Rc<Line>, E) + 'static) -> JsValue {
    let line = line.clone();
    let listener: Box<dyn Fn(JsValue)> = Box::new(move |event| act(&line, event.unchecked_into()));
    Closure::wrap(listener).into_js_value()
}

impl Line {
    /// Opens the stream, unless it is open.
    fn open(self: &Rc<Self>) {
        if self.source.borrow().is_some() {
            return;
        }
        self.miss();
        let address = self.state.base().to(&format!("/events?since={}", self.state.revision()));
        let Ok(source) = EventSource::new(&address) else {
            return self.later();
        };
        for (name, handler) in self.handlers.get().into_iter().flatten() {
            // fails for no name that stands here
            let _ = source.add_event_listener_with_callback(name, handler.unchecked_ref());
        }
        self.source.replace(Some(source));
        self.hear();
    }

    /// The stream lives.
    fn hear(&self) {
        self.heard.set(browser::now());
    }

    /// Takes a stream that is silent for broken: a proxy or a sleeping network may have let it go without a word.
    fn listen(self: &Rc<Self>) {
        if self.source.borrow().is_some() && browser::now() - self.heard.get() > SILENCE_SECONDS {
            self.broken();
        }
    }

    /// The stream is open.
    fn opened(&self) {
        self.hear();
        self.wait.set(WAIT_MIN);
        self.lost.set(None);
        self.state.connection.set(Connection::Live);
    }

    /// Takes over what arrived. What cannot be read comes from a server of another version: the page is loaded anew.
    fn take<T: Take>(&self, event: &MessageEvent, over: impl Fn(&State, T)) {
        self.hear();
        let text = event.data().as_string().unwrap_or_default();
        match read(&text) {
            Ok(news) => over(&self.state, news),
            Err(_) => browser::reload_once(),
        }
    }

    /// The stream broke, or could not be opened.
    fn broken(self: &Rc<Self>) {
        self.close();
        self.miss();
        self.later();
    }

    /// Closes the stream, and forgets the next try.
    fn close(&self) {
        if let Some(source) = self.source.take() {
            source.close();
        }
        if let Some(retry) = self.retry.take() {
            retry.clear();
        }
    }

    /// Remembers since when there is no stream, and says so if that lasts.
    fn miss(self: &Rc<Self>) {
        if self.lost.get().is_some() {
            return;
        }
        let since = browser::now();
        self.lost.set(Some(since));
        let line = self.clone();
        let speak = move || {
            if line.lost.get() == Some(since) {
                line.state.now.set(browser::now());
                line.state.connection.set(Connection::Lost { since });
            }
        };
        set_timeout(speak, PATIENCE);
    }

    /// Tries again after the wait, give or take a quarter, so that not all pages come back at once.
    fn later(self: &Rc<Self>) {
        let wait = self.wait.get();
        self.wait.set((wait * 2).min(WAIT_MAX));
        let line = self.clone();
        let retry = set_timeout_with_handle(move || line.open(), wait.mul_f64(0.75 + js_sys::Math::random() / 2.0));
        self.retry.replace(retry.ok());
    }

    /// Tries at once: the network is back, or someone looks again.
    fn wake(self: &Rc<Self>) {
        if self.lost.get().is_some() || self.source.borrow().is_none() {
            self.close();
            self.wait.set(WAIT_MIN);
            self.open();
        }
    }

    /// Someone looks, or looks away.
    fn seen(self: &Rc<Self>) {
        let now = browser::now();
        if browser::hidden() {
            self.hidden.set(Some(now));
            return;
        }
        self.state.now.set(now);
        if self.hidden.take().is_some_and(|since| now - since > SLEEP_SECONDS) {
            self.close();
        }
        self.wake();
    }
}
