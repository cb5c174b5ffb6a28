// Downloads what the topic download-request asks for, and keeps how far each download is in status-download.
//
//   download-service FOLDER      Kafka and the registry as KAFKA_BOOTSTRAP_SERVERS and SCHEMA_REGISTRY_URL say
//
// A request is committed once its end is durable in status-download: until then a restart, or another member of the
// group, takes it up again, from the bytes that are on the disk. A tombstone for a request cancels it.

#include <algorithm>
#include <csignal>
#include <iostream>
#include <map>
#include <mutex>

#include "download-service/download.h"
#include "omashu/json_field.h"
#include "omashu/latest_records.h"
#include "omashu/record_jobs.h"
#include "omashu/typed_producer.h"

using namespace std::chrono_literals;
using omashu::json_field, omashu::json_text, omashu::RecordJob;
using Clock = std::chrono::system_clock;

volatile std::sig_atomic_t is_stopping = 0;
std::string variable(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

void report(const omashu::Error& error) { std::cerr << "download-service: " << error.message << '\n'; }
std::string host_of(const omashu::TypedRecord& request) {
  const std::string url = json_field(request.value.value_or(""), "source.url").value_or("");
  return url.substr(0, url.find('/', std::min(url.find("//"), url.size()) + 2));
}

struct Service {
  omashu::ClientOptions options;
  std::filesystem::path folder;
  omashu::TypedProducer statuses;
  const int attempts = std::stoi(variable("DOWNLOAD_ATTEMPTS", "8"));
  const std::chrono::milliseconds backoff{std::stol(variable("DOWNLOAD_BACKOFF_MS", "1000"))};
  const long stall_seconds = std::stol(variable("DOWNLOAD_STALL_SECONDS", "20"));

  std::mutex mutex = {};
  std::map<std::string, std::string> shown = {};  // the latest status of each key, by JSON
  uint64_t assignments = 0;                       // as of which

  // What the topic shows of a key; nothing where it cannot be read now. Another member may have written it.
  std::optional<std::string> status_of(const std::string& key, const RecordJob& job) {
    const std::lock_guard lock(mutex);
    if (assignments < job.assignments) {
      auto latest = omashu::read_latest(options, "status-download");
      if (!latest) return report(latest.error()), std::nullopt;
      for (const auto& [id, record] : *latest) shown[id] = *record.value;
      assignments = job.assignments;
    }
    return shown[key];
  }

  std::optional<std::chrono::milliseconds> handle(RecordJob& job) {
    const std::string id = job.record.key.value_or("");
    const std::string key = R"({"omashuId":)" + json_text(id) + "}";
    const auto before = status_of(key, job);
    if (!before) return 1s;
    const std::string status = json_field(*before, "status").value_or("");
    if (status == "COMPLETED" || status == "FAILED" || status == "CANCELLED") return std::nullopt;  // it has its end
    if (!job.record.value && status.empty()) return std::nullopt;  // nobody knows the request any more

    int attempt = std::stoi(json_field(*before, "attempt").value_or("0"));
    const std::string& source = job.record.value ? *job.record.value : *before;
    // True once it is durable.
    const auto say = [&](const std::string& to, const std::string& reason, int64_t bytes = 0, int64_t total = -1) {
      const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now().time_since_epoch()).count();
      const std::string value =
          key.substr(0, key.size() - 1) + R"(,"status":")" + to + R"(","bytesSoFar":)" + std::to_string(bytes) +
          R"(,"bytesTotal":)" + (total < 0 ? "null" : std::to_string(total)) + R"(,"reason":)" +
          (reason.empty() ? "null" : json_text(reason)) + R"(,"attempt":)" + std::to_string(std::max(attempt, 1)) +
          R"(,"requestedAt":)" + json_text(json_field(source, "requestedAt").value_or("")) + R"(,"updatedAt":)" +
          std::to_string(now) + R"(,"source":)" + json_field(source, "source").value_or("null") + "}";
      const auto sent = statuses.send_and_wait({.key = key, .value = value});
      if (!sent) return report(sent.error()), false;
      const std::lock_guard lock(mutex);
      shown[key] = value;
      return true;
    };
    // Whether the end is told; else it is handled again.
    const auto end = [](bool is_told) { return is_told ? std::nullopt : std::optional(1000ms); };
    if (!job.record.value) return end(say("CANCELLED", "the request was taken back"));
    const std::string name = json_field(source, "fileName").value_or("");
    if (status.empty() && !say("QUEUED", "")) return 1s;
    for (const std::string& part : {id, name}) {
      if (part.empty() || part[0] == '.' || part.find('/') != part.npos)
        return end(say("FAILED", "never: not a name for a file"));
    }
    ++attempt;
    if (!say("RUNNING", "")) return 1s;
    auto told = Clock::now();
    const Download download{json_field(source, "source.url").value_or(""), json_field(source, "source.sha256"),
                            folder / id / name, stall_seconds};
    const Outcome outcome = run_download(download, [&](int64_t bytes, std::optional<int64_t> total) {
      if (Clock::now() - told >= 1s) {
        (void)say("RUNNING", "", bytes, total.value_or(-1));
        told = Clock::now();
      }
      return !job.is_given_up && !job.is_superseded;
    });
    if (outcome.kind == Outcome::kDone) return end(say("COMPLETED", "", outcome.bytes, outcome.bytes));
    if (outcome.kind == Outcome::kStopped) return std::nullopt;  // who takes it up, or the tombstone behind it, goes on
    if (outcome.kind == Outcome::kNever) return end(say("FAILED", "never: " + outcome.reason));
    if (attempt >= attempts) return end(say("FAILED", "try again: " + outcome.reason));
    (void)say("QUEUED", outcome.reason);
    return backoff * (1 << std::min(attempt, 8));
  }
};

int main(int argc, char** argv) {
  if (argc != 2) return std::cerr << "download-service: give the folder for the files\n", 2;
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { is_stopping = 1; });
  omashu::ClientOptions options;
  options.bootstrap_servers = variable("KAFKA_BOOTSTRAP_SERVERS", options.bootstrap_servers);
  options.registry_urls = {variable("SCHEMA_REGISTRY_URL", options.registry_urls.front())};
  auto statuses = omashu::TypedProducer::open(options, "status-download", omashu::PayloadFormat::latest(),
                                              omashu::PayloadFormat::latest());
  if (!statuses) return report(statuses.error()), 1;
  Service service{options, argv[1], *std::move(statuses)};
  const auto ended = omashu::run_jobs(
      options,
      {.group = "download-service",
       .topics = {"download-request"},
       .member = variable("DOWNLOAD_MEMBER", ""),
       .dead_letters = "download-request.dead"},
      {.parallel = 8, .parallel_of_a_group = 4},
      {.handle = [&](RecordJob& job) { return service.handle(job); }, .group = host_of},
      [] { return is_stopping != 0; }, report);
  return ended ? 0 : (report(ended.error()), 1);
}
