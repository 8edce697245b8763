//! NATS servers for a test.

use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use super::support::wait_until;

/// A server with JetStream, whose files remain when it ends.
pub(crate) struct NatsServer {
    process: Option<Child>,
    program: PathBuf,
    arguments: Vec<String>,
    port: u16,
}

impl NatsServer {
    /// Starts one server. Returns `None` if nats-server is not installed, and panics in CI.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let server = NatsServer::new(folder, free_port(), &[])?;
        Some(server.started())
    }

    /// Starts a cluster of three servers.
    pub(crate) fn cluster(folder: &Path) -> Option<[Self; 3]> {
        let routes: [u16; 3] = std::array::from_fn(|_| free_port());
        let all: Vec<_> = routes
            .iter()
            .map(|port| format!("nats://127.0.0.1:{port}"))
            .collect();
        let servers: Vec<_> = (0..3)
            .filter_map(|index| {
                let cluster = [
                    "--name".to_owned(),
                    format!("n{index}"),
                    "--cluster_name".to_owned(),
                    "test".to_owned(),
                    "--cluster".to_owned(),
                    all[index].clone(),
                    "--routes".to_owned(),
                    all.join(","),
                ];
                let folder = folder.join(index.to_string());
                NatsServer::new(&folder, free_port(), &cluster)
            })
            .collect();
        let servers: [Self; 3] = servers.try_into().ok()?;
        Some(servers.map(NatsServer::started))
    }

    fn new(folder: &Path, port: u16, more: &[String]) -> Option<Self> {
        let Some(program) = program() else {
            assert!(
                std::env::var_os("CI").is_none(),
                "nats-server is not installed, and CI needs it"
            );
            eprintln!("skipped: nats-server is not installed");
            return None;
        };
        fs::create_dir_all(folder).expect("a folder");
        let folder = folder.display().to_string();
        let port_argument = port.to_string();
        let arguments = [
            "-js",
            "-sd",
            &folder,
            "-a",
            "127.0.0.1",
            "-p",
            &port_argument,
        ];
        let arguments = arguments.map(str::to_owned);
        Some(NatsServer {
            process: None,
            program,
            arguments: arguments.into_iter().chain(more.iter().cloned()).collect(),
            port,
        })
    }

    fn started(mut self) -> Self {
        self.restart();
        self
    }

    /// Starts the server with the files of its last run.
    pub(crate) fn restart(&mut self) {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = command.spawn().expect("a server");
        wait_until("NATS listens", || {
            let ended = process.try_wait().expect("a process");
            assert_eq!(ended, None, "NATS ended");
            TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok()
        });
        self.process = Some(process);
    }

    /// Kills the server.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("a process");
            process.wait().expect("its end");
        }
    }

    /// Sends a signal to the server, such as STOP, which suspends it.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.as_ref().expect("a process").id().to_string();
        let kill = Command::new("kill")
            .args([&format!("-{name}"), &id])
            .status();
        assert!(kill.expect("kill").success());
        // Its threads do not stop all at once.
        let stopped = || {
            let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a status");
            status.contains("\nState:\tT")
        };
        wait_until("it took the signal", || stopped() == (name == "STOP"));
    }

    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Finds nats-server. Debian installs it in a folder that may not be in the path.
fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into()]);
    let mut programs = folders.map(|folder| folder.join("nats-server"));
    programs.find(|program| program.is_file())
}

/// Returns a port that no other server of this process uses, outside the range of ephemeral ports.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 15_000 + u16::try_from(std::process::id() % 10_000).expect("a port");
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return port;
        }
    }
}
