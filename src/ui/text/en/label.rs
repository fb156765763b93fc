//! Labels that never change.

/// The name of the program.
pub const NAME: &str = "Plimsoll";
/// First link of a page, for the keyboard.
pub const SKIP: &str = "Skip to the content";
/// Name of the navigation.
pub const NAVIGATION: &str = "Pages";
/// The dashboard's place in the navigation.
pub const IMAGES: &str = "Images";
/// Leads to the login.
pub const LOG_IN: &str = "Log in";
/// Ends the session.
pub const LOG_OUT: &str = "Log out";
/// Asks the registries.
pub const CHECK_NOW: &str = "Check now";
/// Changes of the fleet appear by themselves.
pub const LIVE: &str = "live";
/// What `live` means.
pub const LIVE_TITLE: &str = "Connected: changes appear by themselves";
/// The connection is being made.
pub const CONNECTING: &str = "connecting";
/// There is no connection.
pub const OFFLINE: &str = "offline";
/// Asks for the page again, where nothing is live.
pub const RELOAD: &str = "Reload";
/// The theme switch follows the system.
pub const THEME_SYSTEM: &str = "Colours: as the system. Change";
/// The theme switch is at light.
pub const THEME_LIGHT: &str = "Colours: light. Change";
/// The theme switch is at dark.
pub const THEME_DARK: &str = "Colours: dark. Change";
/// Name of the summary.
pub const SUMMARY: &str = "Summary";
/// Name of the counts that filter.
pub const FILTER: &str = "Show only";
/// Name and hint of the search field.
pub const SEARCH: &str = "Search images, containers, stacks";
/// Sends the search off, where there is no JavaScript.
pub const SEARCH_GO: &str = "Search";
/// Name of the choice of grouping.
pub const GROUP_BY: &str = "Group by";
/// One list of images.
pub const BY_IMAGE: &str = "Image";
/// A section a stack.
pub const BY_STACK: &str = "Stack";
/// A section a host.
pub const BY_HOST: &str = "Host";
/// The section of containers without a stack.
pub const NO_STACK: &str = "No stack";
/// The section of images that nothing runs.
pub const NOT_RUNNING: &str = "Not running";
/// Takes all filters away.
pub const SHOW_ALL: &str = "Show all";
/// Stands before when the checks were.
pub const CHECKED: &str = "Checked";
/// Stands before the first host.
pub const ON_FIRST: &str = " on ";
/// Stands before the last of several.
pub const AND: &str = " and ";
/// Stands before when the next check is.
pub const NEXT: &str = "next";
/// No check has ended yet.
pub const NEVER_CHECKED: &str = "Not checked yet";
/// The registry is being asked.
pub const CHECKING: &str = "checking…";
/// Between two versions, for those who hear the page.
pub const TO: &str = "to";
/// The whole reference.
pub const REFERENCE: &str = "Reference";
/// What the tag stands for in the registry.
pub const IN_REGISTRY: &str = "In the registry";
/// When the registry was asked.
pub const ASKED: &str = "Asked";
/// Where the image comes from.
pub const SOURCE: &str = "Source";
/// The containers of an image.
pub const CONTAINERS: &str = "Containers";
/// What a check did.
pub const LAST_CHECK: &str = "The last check";
/// The steps belong to an older check than the verdict.
pub const STEPS_OLD: &str = "There was a newer check since this page was loaded. Reload it to see its requests.";
/// Leads to the page of an image.
pub const DETAILS: &str = "Open its page";
/// Leads back to the dashboard.
pub const ALL_IMAGES: &str = "All images";
/// The demo says so on every page.
pub const SAMPLE: &str = "Sample data.";
/// What sample data means.
pub const SAMPLE_MORE: &str = "These containers and registries are invented, so that you can look around.";
/// The event stream broke off.
pub const LOST: &str = "Connection lost";
/// What follows from it.
pub const LOST_MORE: &str = ". What you see is as old as that. Trying again…";
/// The server refused a check.
pub const CHECK_REFUSED: &str = "The check was not started: there were several in the last minute. What you see is the newest there is.";
/// The server could not be reached for a check.
pub const CHECK_FAILED: &str = "The check was not started: the server did not answer. Try again in a moment.";
/// Nothing is at this address.
pub const MISSING: &str = "Nothing is here";
/// What may have happened.
pub const MISSING_MORE: &str = "The address leads nowhere. An image's page is gone when no container uses the image any more.";
/// Heading of the login.
pub const LOGIN_TITLE: &str = "Log in";
/// Who logs in.
pub const USER: &str = "User";
/// The secret.
pub const PASSWORD: &str = "Password";
/// Heading of the first run.
pub const SETUP_TITLE: &str = "Set a password";
/// Sends the first run off.
pub const SETUP_GO: &str = "Set the password";
/// What visitors may see.
pub const ANONYMOUS: &str = "Visitors who are not logged in";
/// They see nothing.
pub const ANONYMOUS_NONE: &str = "see nothing";
/// They see numbers.
pub const ANONYMOUS_COUNTS: &str = "see how many images have fallen behind, for a tile on another dashboard";
/// They see everything and change nothing.
pub const ANONYMOUS_VIEWER: &str = "see everything, and change nothing";
/// The language of this catalogue, as `lang` attributes name it.
pub const LANGUAGE: &str = "en";
/// What Plimsoll is, for search engines and link previews.
pub const DESCRIPTION: &str = "Shows which containers have fallen behind their registry";
/// The history's place in the navigation, and its headline.
pub const HISTORY: &str = "History";
/// What the history is.
pub const HISTORY_MORE: &str = "Every update that was asked for, the newest first.";
/// No update was asked for yet.
pub const HISTORY_EMPTY: &str =
    "No container was updated yet. What is updated from here on stands here, with who asked for it and how it went.";
/// Leads to the history.
pub const HISTORY_ALL: &str = "All updates";
/// The last updates of an image.
pub const LAST_UPDATES: &str = "The last updates";
/// The image of this page was never updated.
pub const NO_UPDATES: &str = "No container of this image was updated yet.";
/// Updates a container to what its tag stands for now.
pub const UPDATE: &str = "Update";
/// The wish for an update is on its way.
pub const ASKING: &str = "Asking…";
/// Stops an update of which nothing was changed yet.
pub const CANCEL: &str = "Cancel";
/// Stops an update, and puts everything back.
pub const GO_BACK: &str = "Go back";
/// Takes a new container for good that is still starting.
pub const KEEP: &str = "Keep it";
/// A new container takes its time.
pub const OVERDUE: &str = "It takes longer to become healthy than its health check says. Plimsoll waits, because it may be moving its data: keep it as it is, or go back.";
/// Leads to what a new container wrote before it failed.
pub const LAST_WORDS: &str = "What it wrote last";
/// Goes back to the image that ran before an update.
pub const PREVIOUS: &str = "Go back to what ran before";
/// An update is under way, where its outcome stands later.
pub const RUNNING: &str = "running";
/// The layers of a pull.
pub const LAYERS: &str = "Layers";
/// The stages of an update.
pub const STAGES: &str = "Stages";
/// The state of a stage, for those who hear the page.
pub const STAGE_DONE: &str = "done: ";
/// The same.
pub const STAGE_NOW: &str = "now: ";
/// The same.
pub const STAGE_NEXT: &str = "to come: ";
/// The automatic switch.
pub const AUTOMATIC: &str = "Automatic updates";
/// The automatic switch is on, where it cannot be moved.
pub const AUTOMATIC_ON: &str = "automatic";
/// What the automatic switch does.
pub const AUTOMATIC_MORE: &str = "With automatic updates a container is updated after a scheduled check when its tag was rebuilt. What was rolled back is not tried again.";
/// Who is not logged in may not update: what to do. A link to the login stands before it.
pub const OPERATE_LOGIN: &str = " to update from here.";
/// Nobody has set a password: what to do.
pub const OPERATE_UNSET: &str = "To update from here, set a password first: open the link in Plimsoll's log.";
/// The login does not allow it: what to do.
pub const OPERATE_FORBIDDEN: &str = "Your login may look, not change. Ask whoever runs Plimsoll to update.";
/// The session has ended meanwhile.
pub const UPDATE_LOGIN: &str = "Nothing was changed: you are no longer logged in. Reload the page and log in.";
/// The server could not be reached for an update.
pub const UPDATE_FAILED: &str = "The server did not answer. Wait until the page is live again, and look before you try once more.";
/// The list of candidates.
pub const NEWER_VERSIONS: &str = "Newer versions";
/// The candidate that the policy follows.
pub const OFFERED: &str = "offered";
/// The list of tags that look newer and are none.
pub const PASSED_OVER: &str = "Tags that are passed over, and why";
/// Such a tag, in the place of its level.
pub const PASSED: &str = "not";
