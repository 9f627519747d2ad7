//! What the browser starts: it mounts the dashboard, and no more.

fn main() {
    dashboard::view::mount();
}
