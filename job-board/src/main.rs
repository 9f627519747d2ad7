//! The program that the browser starts: it only mounts the job board.

fn main() {
    job_board::view::mount();
}
