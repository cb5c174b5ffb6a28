// What the service is made of, as its operations see it. Outlives them. Everything here is thread-safe.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/executor.h"
#include "kafka/types.h"
#include "schema_registry/client/client.h"
#include "service/operation.h"
#include "service/tables.h"
#include "service/write/ownership.h"

namespace omashu::service {

struct Parts {
  Tables& tables;
  Executor& executor;  // for what waits: for the disk, for brokers, for the registry
  schema_registry::Client& registry;
  kafka::ClientConfig kafka;  // for clients of one's own
  std::string version;
  std::function<std::chrono::system_clock::time_point()> now = &std::chrono::system_clock::now;
  std::function<void(const std::string& problem)> report = [](const std::string&) {};
  std::function<bool()> is_draining = [] { return false; };  // the service is about to stop
  std::function<bool()> is_ready = [] { return true; };      // as far as that is not the tables' own matter
  // What an operation has to let go of before the executor and the server end: it is called when no request comes any
  // more, and before anything here is destroyed.
  std::function<void(std::function<void()> let_go)> at_stop = [](const std::function<void()>&) {};
  // What is to be done now and then (every few seconds), whether somebody asks or not. It does not wait.
  std::function<void(std::function<void()> on_tick)> at_tick = [](const std::function<void()>&) {};
  // A number of /metrics, which is asked for from any thread.
  struct Gauge {
    std::string name, help;
    std::function<uint64_t()> value;
    bool is_counter = false;  // it never falls while the process lives
  };
  PermitWrite permit_write = permit_all;  // whether this server may write a key now
  std::function<void(Gauge gauge)> add_gauge = [](const Gauge&) {};
};

// One for each resource, each in a file of its name, as routes_tables.cc. Those that exist are listed in service.cc.
Operations system_operations(const Parts& parts);   // health, readiness, the problems
Operations table_operations(const Parts& parts);    // tables, their status
Operations row_operations(const Parts& parts);      // one row, its history
Operations list_operations(const Parts& parts);     // pages and streams of rows
Operations count_operations(const Parts& parts);    // rows counted
Operations batch_operations(const Parts& parts);    // the rows of several keys
Operations write_operations(const Parts& parts);    // PUT, PATCH, DELETE
Operations watch_operations(const Parts& parts);    // server-sent events and WebSocket
Operations cluster_operations(const Parts& parts);  // topics, groups, records, schemas and plans, for the dashboard

// Metrics, among them those of the requests.
class RequestMetrics;
Operations metrics_operations(const Parts& parts, const RequestMetrics& requests,
                              const std::vector<Parts::Gauge>& gauges);

// The description of these operations, and of itself.
Operations openapi_operations(const Parts& parts, const Operations& others);

// {table} of a path, and the table that it names.
Parameter table_parameter();
Answer<table::LiveTable*> table_of(const Parts& parts, const http::Exchange& exchange);

}  // namespace omashu::service
