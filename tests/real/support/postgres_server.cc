#include "real/support/postgres_server.h"

#include <fmt/core.h>
#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <stdexcept>

#include "real/support/free_port.h"
#include "real/support/installed_parts.h"
#include "real/support/readiness.h"
#include "real/support/run_command.h"

namespace omashu::real {

namespace {

void run_or_throw(const std::vector<std::string>& command) {
  const CommandResult result = run_command(command);
  if (result.exit_code != 0) throw std::runtime_error(fmt::format("{}: {}", command[0], result.err));
}

}  // namespace

PostgresServer::PostgresServer(std::vector<std::string> settings) : settings_(std::move(settings)), port_(free_port()) {
  const auto programs = installed_part("OMASHU_REAL_POSTGRES");
  if (!programs) throw std::runtime_error(programs.error().message);
  programs_ = *programs;
  if (geteuid() == 0) {
    const passwd* user = getpwnam("postgres");
    if (user == nullptr) throw std::runtime_error("there is no user postgres: scripts/install-deps --real");
    if (chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown failed");
  }
  run_or_throw(as_server_user({programs_ + "/initdb", "-D", folder_.path() / "data", "-U", "test", "-A", "trust", "-E",
                               "UTF8", "--locale=C.UTF-8", "-N"}));
  start_again();
}

// PostgreSQL refuses to run as root. setpriv becomes the program, so that signals reach it.
std::vector<std::string> PostgresServer::as_server_user(std::vector<std::string> command) const {
  if (geteuid() != 0) return command;
  const std::vector<std::string> user = {"setpriv",        "--reuid=postgres", "--regid=postgres",
                                         "--clear-groups", "--pdeathsig=KILL", "--"};
  command.insert(command.begin(), user.begin(), user.end());
  return command;
}

void PostgresServer::start_again() {
  std::vector<std::string> command = {programs_ + "/postgres", "-D", folder_.path() / "data", "-p",
                                      fmt::format("{}", port_), "-h", "127.0.0.1", "-k", folder_.path(),
                                      // Processes are killed here, and never the machine: what was written stays.
                                      "-c", "fsync=off"};
  for (const std::string& setting : settings_) command.insert(command.end(), {"-c", setting});
  auto process =
      Process::start({.command = as_server_user(std::move(command)), .stdout_file = folder_.path() / "postgres.log"});
  if (!process) throw std::runtime_error(process.error().message);
  process_ = *std::move(process);
  const auto ready = wait_until_ready_or_dead("PostgreSQL", *process_, [&] {
    return run_command({programs_ + "/pg_isready", "-q", "-h", "127.0.0.1", "-p", fmt::format("{}", port_), "-U",
                        "test", "-d", "postgres"})
               .exit_code == 0;
  });
  if (!ready) throw std::runtime_error(ready.error().message);
}

std::string PostgresServer::dsn() const {
  return fmt::format("host=127.0.0.1 port={} user=test dbname=postgres", port_);
}

std::string PostgresServer::jdbc_url() const {
  return fmt::format("jdbc:postgresql://127.0.0.1:{}/postgres?user=test", port_);
}

std::string PostgresServer::query(const std::string& sql) const {
  const CommandResult result =
      run_command({programs_ + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", dsn()},
                  {.input = sql, .environment = {{"PGTZ", "UTC"}}});
  if (result.exit_code != 0) throw std::runtime_error(fmt::format("psql: {}", result.err));
  return result.out;
}

void PostgresServer::crash() {
  process_->signal(SIGQUIT);
  process_->wait(std::chrono::milliseconds(-1));
}

void PostgresServer::stop() {
  process_->signal(SIGINT);
  process_->wait(std::chrono::milliseconds(-1));
}

}  // namespace omashu::real
