//! The pages.

pub mod dashboard;
pub mod image;
pub mod login;
pub mod missing;
pub mod setup;

pub use dashboard::Dashboard;
pub use image::Image;
pub use login::Login;
pub use missing::Missing;
pub use setup::Setup;
