//! The program that the browser starts: it only mounts the dashboard.

fn main() {
    dashboard::view::mount();
}
