//! The pages.

pub mod dashboard;
pub mod history;
pub mod image;
pub mod login;
pub mod missing;
pub mod setup;

pub use dashboard::Dashboard;
pub use history::History;
pub use image::Image;
pub use login::Login;
pub use missing::Missing;
pub use setup::Setup;
