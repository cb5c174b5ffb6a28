#include <fmt/core.h>

#include <algorithm>

#include "cli/build_info.h"
#include "cli/commands.h"
#include "cli/connection/connection.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/server/readiness.h"
#include "cli/server/registry_repair.h"
#include "cli/stop_signal.h"
#include "net/file_limit.h"
#include "net/listen_address.h"
#include "schema_registry/server/server.h"

namespace omashu::cli {

namespace {

using schema_registry::server::Server;
using schema_registry::server::ServerOptions;

class RegistryCommand : public Command {
 public:
  Description description() const override {
    return {.name = "registry",
            .summary = "Run a schema registry over any Kafka",
            .usages = {"", "repair"},
            .details =
                "Confluent's REST API for Avro schemas, kept in the topic _schemas in Confluent's format: it can take "
                "over from a Confluent registry on the same topic, or hand over to one. Several may run over one "
                "topic: each answers reads, one is elected to write, and the others send writes on to it.\n\n"
                "It listens on the loopback interface. Anywhere else it wants --tls-cert and --basic-auth-file, or "
                "--insecure-listen.",
            .examples = {{"Over a Kafka on this machine", "omashu registry"},
                         {"For others, with TLS and log-ins",
                          "omashu registry --bootstrap-server kafka:9092 --listen 0.0.0.0:8081 --advertise "
                          "https://registry-1:8081 --tls-cert cert.pem --tls-key key.pem --basic-auth-file users"},
                         {"A line of that file", "echo \"alice:$(openssl passwd -6)\" >> users"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--listen", "HOST:PORT", listen_, "where to listen; port 0 is a free one (default 127.0.0.1:8081)");
    options.option("--tls-cert", "FILE", tls_.certificate, "HTTPS with this certificate (PEM, its chain behind it)");
    options.option("--tls-key", "FILE", tls_.key, "its key (PEM; default: in the same file)");
    options.option("--basic-auth-file", "FILE", password_file_,
                   "who may come in: lines of NAME:HASH, or NAME:HASH:read-only, hashed by openssl passwd -6 or "
                   "htpasswd -B");
    options.option("--host-name", "NAME", host_names_,
                   "a name under which clients address it; may be repeated. On loopback it answers to no others");
    options.flag("--insecure-listen", is_insecure_, "listen beyond this machine without TLS or log-ins");
    options.option("--ready-file", "FILE", ready_file_, "there while it answers: its address, for a shell to read");
    options.heading("Several registries over one topic");
    options.option("--kafkastore-topic", "TOPIC", topic_, "where schemas are kept (default _schemas)");
    options.option("--group", "NAME", group_, "the consumer group that elects who writes (default schema-registry)");
    options.option("--advertise", "URL", advertised_url_, "under which the others reach this one (default: --listen)");
    options.option("--forward-ca", "FILE", forward_ca_file_, "the certificate authority of the others (PEM)");
    options.flag("--alone", is_alone_, "there are no others: write without an election");
    options.flag("--follower", is_follower_, "never be the one that writes");
    connection_.declare_kafka(options);
  }

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(make_registry_repair());
    return verbs;
  }

  Result<void> check() override {
    auto address = net::parse_listen_address(listen_);
    if (!address) return fail(std::move(address.error()).within("--listen"));
    if (is_alone_ && is_follower_)
      return fail(ErrorCode::kInvalidArgument, "--alone and --follower exclude each other");
    if (tls_.certificate.empty() && !tls_.key.empty()) {
      return fail(ErrorCode::kInvalidArgument, "--tls-key needs --tls-cert");
    }
    is_exposed_ = !address->is_loopback() && (tls_.certificate.empty() || password_file_.empty());
    if (is_exposed_ && !is_insecure_) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--listen {}: others can reach it there: give --tls-cert and --basic-auth-file, or "
                              "--insecure-listen where the network is trusted",
                              listen_));
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto connection = resolve_connection(connection_);
    if (!connection) return fail(std::move(connection.error()));
    ServerOptions options = server_options(*connection);
    options.on_error = [&](std::string_view message) { context.messages.warning(message); };
    if (!password_file_.empty()) {
      auto passwords = http::PasswordFile::read(password_file_);
      if (!passwords) return fail(std::move(passwords.error()));
      options.http.authenticator = std::make_shared<http::Authenticator>(*std::move(passwords));
    }
    const auto server = Server::start(std::move(options));
    if (!server) return fail(server.error());
    if (is_exposed_) {
      context.messages.warning(fmt::format("{} is open to everybody who can reach it (--insecure-listen)", listen_));
    }
    Readiness readiness(ready_file_);
    if (auto told = readiness.tell({{"SCHEMA_REGISTRY_URL", (*server)->url()}}); !told) {
      return fail(std::move(told.error()));
    }
    context.out.line(
        fmt::format("schema registry at {}, over {} of {}", (*server)->url(), topic_, connection->bootstrap_servers));
    if (auto shown = context.out.flush(); !shown) return fail(std::move(shown.error()));
    while (!context.stop.wait_for(std::chrono::hours(1))) {
    }
    (*server)->stop();
    return ExitCode::kDone;
  }

 private:
  ServerOptions server_options(const Connection& connection) const {
    ServerOptions options;
    options.kafka = connection.kafka;
    options.topic = topic_;
    options.group = group_;
    options.leadership = is_alone_      ? ServerOptions::Leadership::kAlone
                         : is_follower_ ? ServerOptions::Leadership::kNever
                                        : ServerOptions::Leadership::kGroup;
    options.advertised_url = advertised_url_;
    options.forward_ca_file = forward_ca_file_;
    options.http.address = listen_;
    options.http.tls = tls_;
    options.http.host_names = host_names_;
    // What is left of the open files is for its Kafka clients.
    options.http.max_connections = std::min(options.http.max_connections, net::raise_open_file_limit() * 3 / 4);
    options.start_timeout = connection.timeout;
    options.version = build_description();
    return options;
  }

  std::string listen_ = "127.0.0.1:8081";
  net::TlsFiles tls_;
  std::vector<std::string> host_names_;
  std::string password_file_;
  bool is_insecure_ = false;
  bool is_exposed_ = false;
  std::optional<std::string> ready_file_;
  std::string topic_ = "_schemas";
  std::string group_ = "schema-registry";
  std::string advertised_url_;
  std::string forward_ca_file_;
  bool is_alone_ = false;
  bool is_follower_ = false;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_registry_command() { return std::make_unique<RegistryCommand>(); }

}  // namespace omashu::cli
