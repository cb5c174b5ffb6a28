#include "service/service.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <optional>
#include <utility>

#include "service/group/gathered_watch.h"
#include "service/group/group_operations.h"
#include "service/group/table_group.h"
#include "service/metrics/request_metrics.h"
#include "service/operation_router.h"
#include "service/parts.h"
#include "service/ticker.h"
#include "service/web/dashboard.h"

namespace omashu::service {

namespace {

// Each resource's operations, of those that there are.
constexpr Operations (*kResources[])(const Parts&) = {&system_operations, &table_operations, &row_operations,
                                                      &list_operations,   &count_operations, &batch_operations,
                                                      &watch_operations,  &write_operations, &cluster_operations};

class HttpService : public Service {
 public:
  explicit HttpService(ServiceOptions options) : options_(std::move(options)), executor_(options_.executor_threads) {}

  ~HttpService() override { stop(); }

  Result<void> bind() {
    options_.http.error_response = error_response;
    options_.http.name = "the HTTP service";
    options_.http.report = options_.report;
    options_.http.on_answered = [this](const http::AnsweredRequest& answered) {
      requests_.add(answered.method, answered.pattern, answered.status, answered.took);
    };
    options_.http.compresses = true;
    auto bound = http::Server::bind(options_.http);
    if (!bound) return fail(std::move(bound.error()));
    http_ = *std::move(bound);
    return {};
  }

  Result<void> serve(ServedTables served) override {
    tables_.emplace(std::move(served.tables));
    parts_.emplace(Parts{.tables = *tables_,
                         .executor = executor_,
                         .registry = served.registry,
                         .kafka = std::move(served.kafka),
                         .version = options_.version,
                         .report = options_.report,
                         .is_draining = [this] { return is_draining_.load(); },
                         .at_stop = [this](std::function<void()> let_go) { at_stop_.push_back(std::move(let_go)); },
                         .at_tick = [this](std::function<void()> on_tick) { ticker_.add(std::move(on_tick)); },
                         .add_gauge = [this](Parts::Gauge gauge) { gauges_.push_back(std::move(gauge)); }});
    if (served.group != nullptr) {
      auto peers = PeerClient::open(served.peers);
      if (!peers) return fail(std::move(peers.error()));
      peers_ = *std::move(peers);
      group_router_.emplace(*parts_, *served.group, *peers_);
      auto watches = GatheredWatches::open(*group_router_, served.peers);
      if (!watches) return fail(std::move(watches.error()));
      watches_ = *std::move(watches);
      group_router_->set_listener([watches = watches_.get()] { watches->check_owners(); });
      parts_->permit_write = group_router_->permit_write();
      parts_->is_ready = [group = served.group] { return group->is_ready(); };
    }
    Operations operations;
    for (const auto make : kResources) std::ranges::move(make(*parts_), std::back_inserter(operations));
    if (group_router_) {
      share_operations(operations, *group_router_, *watches_);
      std::ranges::move(group_operations(*group_router_), std::back_inserter(operations));
    }
    std::ranges::move(metrics_operations(*parts_, requests_, gauges_), std::back_inserter(operations));
    std::ranges::move(openapi_operations(*parts_, operations), std::back_inserter(operations));
    requests_.declare(operations);
    auto router = make_router(operations);
    if (!router) return fail(std::move(router.error()));
    add_dashboard(*router);
    ticker_.start();
    http_->serve(*std::move(router));
    return {};
  }

  void add(std::shared_ptr<table::LiveTable> table) override { tables_->add(std::move(table)); }

  std::string url() const override { return http_->url(); }

  void stop() override {
    is_draining_ = true;
    if (http_ != nullptr) http_->stop();
    ticker_.stop();
    for (const auto& let_go : std::exchange(at_stop_, {})) let_go();
    if (group_router_) group_router_->stop();
    if (watches_ != nullptr) watches_->stop();
    peers_.reset();
    executor_.stop();
  }

 private:
  ServiceOptions options_;
  std::atomic<bool> is_draining_ = false;
  std::optional<Tables> tables_;
  RequestMetrics requests_;
  std::vector<Parts::Gauge> gauges_;
  Ticker ticker_{std::chrono::seconds(10)};
  std::unique_ptr<http::Server> http_;  // outlives all that holds exchanges
  Executor executor_;
  std::optional<Parts> parts_;
  std::unique_ptr<PeerClient> peers_;
  std::optional<GroupRouter> group_router_;
  std::shared_ptr<GatheredWatches> watches_;
  std::vector<std::function<void()>> at_stop_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::bind(ServiceOptions options) {
  auto service = std::make_unique<HttpService>(std::move(options));
  if (auto bound = service->bind(); !bound) return fail(std::move(bound.error()));
  return service;
}

}  // namespace omashu::service
