//! What the browser starts: it mounts the dashboard, and no more.

fn main() {
    if cfg!(debug_assertions) {
        console_error_panic_hook::set_once();
    }
    dashboard::view::mount();
}
