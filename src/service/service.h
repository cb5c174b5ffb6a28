// The service: tables over HTTP. Binds its port first, so that a port that is taken is known before anything else is
// started, and answers once it has its tables.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "http/server.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "service/group/peer_client.h"
#include "table/live/live_table.h"

namespace omashu::service {

class TableGroup;

struct ServiceOptions {
  http::ServerOptions http = {};  // error_response and name are the service's own
  size_t executor_threads = 4;    // for requests that wait: for the disk, for brokers, for the registry
  std::string version = {};
  // What goes wrong while it runs, a line each. From any thread.
  std::function<void(const std::string& problem)> report = [](const std::string&) {};
};

// What is served. The registry's client outlives the service.
struct ServedTables {
  std::vector<std::shared_ptr<table::LiveTable>> tables;
  schema_registry::Client& registry;
  kafka::ClientConfig kafka;
  // The processes that share the tables' partitions, where there are several. It outlives the service; a service with a
  // group takes no further tables.
  TableGroup* group = nullptr;
  PeerOptions peers = {};
};

class Service {
 public:
  static Result<std::unique_ptr<Service>> bind(ServiceOptions options);
  virtual ~Service() = default;  // stops

  // Called once. Requests that came before it are answered now.
  virtual Result<void> serve(ServedTables served) = 0;

  // A table that came later. After serve().
  virtual void add(std::shared_ptr<table::LiveTable> table) = 0;

  virtual std::string url() const = 0;  // "http://127.0.0.1:8080"

  // Is not ready any more, takes no more requests, waits for those under way, and ends. The tables are to be stopped
  // before the service is destroyed: until then they may still answer those who wait for a position.
  virtual void stop() = 0;
};

}  // namespace omashu::service
