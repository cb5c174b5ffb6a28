#include "real/support/flink_job.h"

#include <fstream>
#include <stdexcept>

#include "real/support/installed_parts.h"
#include "real/support/topics.h"

namespace omashu::real {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds kWithin{240};  // of two busy cores; idle ones take 5 s
constexpr milliseconds kAskAgain{50};

}  // namespace

FlinkJob::FlinkJob(const std::string& script, const std::vector<std::string>& options) {
  const auto home = installed_part("OMASHU_REAL_FLINK");
  if (!home) throw std::runtime_error(home.error().message);
  const std::string file = folder_.path() / "script.sql";
  std::ofstream(file) << script;
  std::vector<std::string> command = {"java"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(),
                 {"-Djava.io.tmpdir=" + folder_.path().string(), "@" + *home + "/java.args", "RunScript", file});
  auto started = Process::start(
      {.command = std::move(command), .stdout_file = folder_.path() / "out", .stderr_file = folder_.path() / "err"});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = *std::move(started);
}

std::string FlinkJob::log() const {
  constexpr size_t kMaxShown = 4000;
  return process_->stderr_text().substr(0, kMaxShown);
}

void FlinkJob::wait_for_end() {
  const auto exit_code = process_->wait(kWithin);
  if (!exit_code) throw std::runtime_error("Flink has not ended in time: " + log());
  if (*exit_code != 0) throw std::runtime_error("Flink failed: " + log());
}

void FlinkJob::wait_until(const std::function<bool()>& is_so, const std::function<std::string()>& told) {
  const auto deadline = steady_clock::now() + kWithin;
  while (!is_so()) {
    if (process_->wait(kAskAgain)) throw std::runtime_error("Flink ended: " + log() + told());
    if (steady_clock::now() > deadline) throw std::runtime_error("not so in time: " + log() + told());
  }
}

std::vector<std::string> FlinkJob::changes() const {
  std::vector<std::string> lines = lines_of(process_->stdout_text());
  std::erase(lines, "submitted");
  return lines;
}

}  // namespace omashu::real
