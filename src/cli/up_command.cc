#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/json.h"
#include "broker/handler/broker.h"
#include "broker/server/server.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output.h"
#include "cli/readiness.h"
#include "cli/stop_signal.h"
#include "http/listen_address.h"

namespace omashu::cli {

namespace {

// Where data of users goes (XDG Base Directory Specification).
std::string default_data_folder() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return fmt::format("{}/omashu", data);
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fmt::format("{}/.local/share/omashu", home) : "omashu-data";
}

class UpCommand : public Command {
 public:
  Description description() const override {
    return {.name = "up",
            .summary = "Run a Kafka broker on this machine, in this process",
            .usages = {"", "--data DIR --kafka 127.0.0.1:9092"},
            .details =
                "Every Kafka client takes it for a Kafka. Records are on the disk before acks=all is answered; what "
                "was acknowledged outlives SIGKILL. SIGINT and SIGTERM end it cleanly.\n"
                "It listens on this machine alone. It neither encrypts nor asks who somebody is: to let others in, "
                "say --insecure-listen.",
            .examples = {{"With its data in the usual place", "omashu up"},
                         {"For a test: free ports, and a file that says where it is",
                          "omashu up --data \"$(mktemp -d)\" --kafka 127.0.0.1:0 --ready-file ready"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--data", "DIR", data_, fmt::format("the data folder (default {})", data_));
    options.option("--kafka", "HOST:PORT", kafka_, "where Kafka clients connect; port 0 takes a free one");
    options.option("--advertised-host", "HOST", advertised_host_,
                   "the host that clients are told (default: --kafka's)");
    options.flag("--insecure-listen", may_listen_anywhere_, "listen on addresses that other machines reach");
    options.choice("--durability", "WHEN", durability_, {"disk", "page-cache"},
                   "what acks=all waits for: disk (default), or page-cache: a power cut may lose what was answered");
    options.flag("--no-auto-create-topics", no_auto_create_, "a client that names a topic does not make it");
    options.option("--default-partitions", "N", default_partitions_, "of topics that are made without a number");
    options.flag("--accept-any-replication-factor", accepts_any_replication_,
                 "take a replication factor above 1 for 1, in place of refusing it");
    options.option("--housekeeping-interval", "TIME", housekeeping_interval_,
                   "how often logs are compacted and old records deleted (default 5s)");
    options.option("--ready-file", "FILE", ready_file_, "written once it is ready: its addresses, for a shell to read");
    options.choice("--log", "FORMAT", log_, {"text", "json"}, "text (default), or json: a line for each event");
  }

  Result<void> check() override {
    auto address = http::parse_listen_address(kafka_);
    if (!address) return fail(std::move(address).error().within("--kafka"));
    address_ = *std::move(address);
    if (!address_.is_loopback() && !may_listen_anywhere_) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--kafka: {} can be reached from other machines, and nothing here asks who they are; if "
                              "that is wanted, add --insecure-listen",
                              kafka_));
    }
    if (default_partitions_ < 1 || default_partitions_ > broker::kMostPartitionsOfATopic) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--default-partitions: from 1 to {}", broker::kMostPartitionsOfATopic));
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    std::error_code error;
    std::filesystem::create_directories(data_, error);
    if (error) return fail(ErrorCode::kIo, fmt::format("{}: {}", data_, error.message()));
    if (!address_.is_loopback()) {
      context.messages.warning(fmt::format("{} is open to other machines, without TLS and without log-in", kafka_));
    }
    auto broker = broker::Broker::open(broker_options(context), broker::real_file_system(), broker::system_clock());
    if (!broker) return fail(std::move(broker).error());
    auto server = broker::Server::start(
        **broker, {.listen = {.host = address_.host, .port = address_.port}, .advertised_host = advertised_host_});
    if (!server) return fail(std::move(server).error());

    const auto served = serve(context, (*server)->advertised());
    (*server)->stop();
    auto closed = (*broker)->close();
    broker->reset();  // its threads answer to the server until here
    if (!served) return fail(served.error());
    if (!closed) return fail(std::move(closed).error());
    return ExitCode::kDone;
  }

 private:
  broker::BrokerOptions broker_options(Context& context) const {
    return {.data_folder = data_,
            .durability = durability_ == "disk" ? broker::Durability::kDisk : broker::Durability::kPageCache,
            .auto_create_topics = !no_auto_create_,
            .default_partitions = static_cast<int32_t>(default_partitions_),
            .accept_any_replication_factor = accepts_any_replication_,
            .housekeeping_interval = housekeeping_interval_,
            .report = [&context](const std::string& problem) { context.messages.warning(problem); }};
  }

  Result<void> serve(Context& context, const broker::Endpoint& kafka) const {
    const std::string bootstrap = fmt::format("{}:{}", kafka.host, kafka.port);
    print_banner(context, bootstrap);
    if (auto shown = context.out.flush(); !shown) return shown;
    if (auto told = tell_ready(ready_file_, {{"KAFKA_BOOTSTRAP_SERVERS", bootstrap}}); !told) return told;
    while (!context.stop.wait_for(std::chrono::hours(24))) continue;
    return {};
  }

  void print_banner(Context& context, const std::string& bootstrap) const {
    if (log_ == "json") {
      json::Value line = json::Value::object();
      line.add("event", "ready").add("kafka", bootstrap).add("data", data_);
      context.out.line(json::to_text(line));
      return;
    }
    context.out.text(
        fmt::format("omashu is up\n"
                    "  Kafka     {0}\n"
                    "  data      {1}\n"
                    "\n"
                    "Try, in another terminal:\n"
                    "  export KAFKA_BOOTSTRAP_SERVERS={0}\n"
                    "  kcat -b {0} -L\n",
                    bootstrap, data_));
  }

  std::string data_ = default_data_folder();
  std::string kafka_ = "127.0.0.1:9092";
  http::ListenAddress address_;
  std::string advertised_host_;
  bool may_listen_anywhere_ = false;
  std::string durability_ = "disk";
  bool no_auto_create_ = false;
  int64_t default_partitions_ = 1;
  bool accepts_any_replication_ = false;
  std::chrono::milliseconds housekeeping_interval_{5000};
  std::optional<std::string> ready_file_;
  std::string log_ = "text";
};

}  // namespace

std::unique_ptr<Command> make_up_command() { return std::make_unique<UpCommand>(); }

}  // namespace omashu::cli
