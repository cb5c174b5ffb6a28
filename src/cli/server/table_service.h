// The tables of a process and the HTTP service over them, as `omashu up` and `omashu serve` run them.

#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/connection/connection.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "service/group/peer_client.h"
#include "service/group/table_group.h"
#include "service/service.h"
#include "table/live/table_reader.h"

namespace omashu::cli {

class TableService {
 public:
  // Takes the port; requests wait until serve(). `memory` is what all tables share.
  static Result<std::unique_ptr<TableService>> bind(Context& context, service::ServiceOptions options,
                                                    std::string data_folder,
                                                    std::shared_ptr<table::StoreMemory> memory);
  ~TableService() { stop(); }

  // Opens the tables and answers. They may still be being read when this returns.
  Result<void> serve(const kafka::ClientConfig& kafka, schema_registry::ClientOptions registry,
                     std::vector<table::TableOptions> tables, std::chrono::milliseconds timeout);
  // The tables are shared with other processes. Before serve().
  void join(std::string group, std::string url, int replicas, std::string ca_file);
  // Serves further ones. Called by one thread at a time, after serve().
  Result<void> add(std::vector<table::TableOptions> tables);

  std::string url() const { return service_->url(); }
  std::vector<std::shared_ptr<table::LiveTable>> tables() const;
  const service::TableGroup* group() const { return group_.get(); }  // null: it is alone

  void stop();

 private:
  TableService(Context& context, std::string data_folder, std::shared_ptr<table::StoreMemory> memory)
      : context_(context), data_folder_(std::move(data_folder)), memory_(std::move(memory)) {}

  Result<void> start_group();
  Result<void> open_reader(std::vector<table::TableOptions> tables);

  Context& context_;
  const std::string data_folder_;
  const std::shared_ptr<table::StoreMemory> memory_;
  kafka::ClientConfig kafka_;
  std::chrono::milliseconds timeout_{30'000};
  std::unique_ptr<schema_registry::Client> registry_;  // outlives the readers and the service
  std::vector<std::unique_ptr<table::TableReader>> readers_;
  std::optional<service::TableGroupOptions> group_options_;
  service::PeerOptions peers_;
  std::unique_ptr<service::TableGroup> group_;          // outlives the service and the readers
  std::atomic<service::TableGroup*> joined_ = nullptr;  // the same, for the threads of the readers
  std::unique_ptr<service::Service> service_;
};

}  // namespace omashu::cli
