//! What the browser starts: it mounts the job board, and no more.

fn main() {
    job_board::view::mount();
}
