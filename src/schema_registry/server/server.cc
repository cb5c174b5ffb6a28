#include "schema_registry/server/server.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "net/listen_address.h"
#include "schema_registry/server/forwarder.h"
#include "schema_registry/server/group_election.h"
#include "schema_registry/server/kafka_log.h"
#include "schema_registry/server/kafka_reader.h"
#include "schema_registry/server/kafka_topic.h"
#include "schema_registry/server/route_support.h"

namespace omashu::schema_registry::server {

namespace {

// "https://registry-1:8081/" has the host and port "registry-1:8081".
std::string host_of_url(std::string_view url) {
  if (const size_t scheme = url.find("://"); scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return std::string(url.substr(0, url.find('/')));
}

class KafkaServer : public Server {
 public:
  explicit KafkaServer(ServerOptions options) : options_(std::move(options)) {}
  ~KafkaServer() override { stop(); }

  Result<void> start() {
    const KafkaTopic topic = {options_.kafka, options_.topic};
    Result<std::string> cluster_id = prepare_topic(topic, options_.start_timeout);
    if (!cluster_id) return fail(std::move(cluster_id.error()));
    auto reader = KafkaReader::start(topic, store_, options_.start_timeout);
    if (!reader) return fail(std::move(reader.error()));
    reader_ = *std::move(reader);
    auto log = KafkaLog::open(topic, options_.write_timeout);
    if (!log) return fail(std::move(log.error()));
    log_ = *std::move(log);
    auto forwarder = Forwarder::open(options_.forward_ca_file, options_.write_timeout);
    if (!forwarder) return fail(std::move(forwarder.error()));
    forwarder_ = *std::move(forwarder);
    if (auto listening = listen(*std::move(cluster_id)); !listening) return listening;
    return elect(topic);
  }

  std::string address() const override { return http_->address(); }
  std::string url() const override { return http_->url(); }

  // Requests first, while there is somebody to answer them; what reads and writes after that.
  void stop() override {
    if (http_ != nullptr) http_->stop();
    if (writer_) writer_->stop();
    forwarder_.reset();
    election_.reset();
    reader_.reset();
  }

 private:
  // The writer must know under which address others reach it, and the routes need the writer.
  Result<void> listen(std::string cluster_id) {
    options_.http.error_response = error_response;
    options_.http.name = "the schema registry";
    options_.http.report = [this](const std::string& problem) { options_.on_error(problem); };
    if (const auto address = net::parse_listen_address(options_.http.address);
        address && address->is_loopback() && !options_.advertised_url.empty()) {
      options_.http.host_names.push_back(host_of_url(options_.advertised_url));
    }
    auto bound = http::Server::bind(options_.http);
    if (!bound) return fail(std::move(bound.error()));
    http_ = *std::move(bound);
    const std::string url = options_.advertised_url.empty() ? http_->url() : options_.advertised_url;
    writer_.emplace(WriterOptions{.url = url, .timeout = options_.write_timeout}, store_, *log_);
    api_.emplace(
        Api{.store = store_,
            .writer = *writer_,
            .forward = [this](const std::string& to, const auto& exchange) { forwarder_->forward(to, exchange); },
            .kafka_cluster_id = std::move(cluster_id),
            .group = options_.group,
            .version = options_.version});
    if (reader_->unread_reason()) {
      options_.on_error(fmt::format("{}. The registry answers nothing until the topic can be read",
                                    reader_->unread_reason()->message));
    }
    tell_damage();
    reader_->follow({.on_progress = [this] { writer_->wake(); },
                     .on_error = [this](std::string_view message) { options_.on_error(message); },
                     .on_damage = [this] { tell_damage(); }});
    http_->serve(make_router(*api_));
    return {};
  }

  // What is damaged, where something is.
  void tell_damage() {
    const std::string what =
        store_.read([](const Store& store) { return store.is_damaged() ? store.describe_damage() : std::string(); });
    if (what.empty()) return;
    options_.on_error(
        fmt::format("the topic {} is damaged: {}. The registry serves what can be read, and refuses "
                    "writes, until the topic is restored from a copy or repaired: omashu registry repair",
                    options_.topic, what));
  }

  Result<void> elect(const KafkaTopic& topic) {
    if (options_.leadership == ServerOptions::Leadership::kAlone) writer_->set_elected(true);
    if (options_.leadership != ServerOptions::Leadership::kGroup) return {};
    auto election =
        GroupElection::start(topic, options_.group,
                             {.on_change = [this](bool is_elected) { writer_->set_elected(is_elected); },
                              .on_error = [this](std::string_view message) { options_.on_error(message); }});
    if (!election) return fail(std::move(election.error()));
    election_ = *std::move(election);
    return {};
  }

  ServerOptions options_;
  SharedStore store_;
  std::unique_ptr<KafkaLog> log_;
  std::unique_ptr<http::Server> http_;  // outlives all that holds exchanges
  std::optional<Api> api_;
  std::optional<Writer> writer_;
  std::unique_ptr<KafkaReader> reader_;
  std::unique_ptr<Forwarder> forwarder_;
  std::unique_ptr<GroupElection> election_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options) {
  auto server = std::make_unique<KafkaServer>(std::move(options));
  if (auto started = server->start(); !started) return fail(std::move(started.error()).within("the schema registry"));
  return server;
}

}  // namespace omashu::schema_registry::server
