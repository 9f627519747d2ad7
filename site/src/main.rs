//! The program that the browser starts: it only mounts the live parts.

fn main() {
    if cfg!(debug_assertions) {
        console_error_panic_hook::set_once();
    }
    site::live::mount();
}
