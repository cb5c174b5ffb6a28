#include "cli/server/table_service.h"

#include <filesystem>
#include <utility>

#include "cli/diagnostics.h"

namespace omashu::cli {

Result<std::unique_ptr<TableService>> TableService::bind(Context& context, service::ServiceOptions options,
                                                         std::string data_folder,
                                                         std::shared_ptr<table::StoreMemory> memory) {
  options.report = [&context](const std::string& problem) { context.messages.warning(problem); };
  std::unique_ptr<TableService> made(new TableService(context, std::move(data_folder), std::move(memory)));
  auto bound = service::Service::bind(std::move(options));
  if (!bound) return fail(std::move(bound.error()));
  made->service_ = *std::move(bound);
  return made;
}

Result<void> TableService::serve(const kafka::ClientConfig& kafka, schema_registry::ClientOptions registry,
                                 std::vector<table::TableOptions> tables, std::chrono::milliseconds timeout) {
  kafka_ = kafka;
  timeout_ = timeout;
  auto client = schema_registry::Client::open(std::move(registry));
  if (!client) return fail(std::move(client.error()));
  registry_ = *std::move(client);
  if (!tables.empty()) {
    if (auto opened = open_reader(std::move(tables)); !opened) return opened;
  }
  if (group_options_) {
    if (auto joined = start_group(); !joined) return joined;
  }
  return service_->serve(
      {.tables = this->tables(), .registry = *registry_, .kafka = kafka, .group = group_.get(), .peers = peers_});
}

void TableService::join(std::string group, std::string url, int replicas, std::string ca_file) {
  peers_.ca_file = std::move(ca_file);
  group_options_.emplace();
  group_options_->group = std::move(group);
  group_options_->url = std::move(url);
  group_options_->replicas = replicas;
}

Result<void> TableService::start_group() {
  service::TableGroupOptions options = *group_options_;
  options.kafka = kafka_;
  options.timeout = timeout_;
  options.tables = tables();
  options.hold = [reader = readers_.front().get()](const auto& partitions) { reader->hold(partitions); };
  options.report = [this](const std::string& line) { context_.messages.warning(line); };
  auto group = service::TableGroup::start(std::move(options));
  if (!group) return fail(std::move(group.error()));
  group_ = *std::move(group);
  joined_ = group_.get();
  return {};
}

Result<void> TableService::add(std::vector<table::TableOptions> tables) {
  if (auto opened = open_reader(std::move(tables)); !opened) return opened;
  for (const auto& table : readers_.back()->tables()) service_->add(table);
  return {};
}

Result<void> TableService::open_reader(std::vector<table::TableOptions> tables) {
  std::error_code error;
  std::filesystem::create_directories(data_folder_, error);
  if (error) return fail(ErrorCode::kIo, data_folder_ + ": " + error.message());
  table::TableReaderOptions options{.kafka = kafka_, .data_folder = data_folder_, .tables = std::move(tables)};
  options.memory = memory_;
  options.is_partial = group_options_.has_value();
  if (group_options_) {
    options.owns = [this](const kafka::TopicPartition& partition) {
      service::TableGroup* group = joined_;
      return group != nullptr && group->ownership().state_of(partition) == service::PartitionOwnership::State::kOwned;
    };
  }
  options.timeout = timeout_;
  options.report = [this](const std::string& line) { context_.messages.warning(line); };
  auto reader = table::TableReader::open(std::move(options), *registry_);
  if (!reader) return fail(std::move(reader.error()));
  readers_.push_back(*std::move(reader));
  return {};
}

std::vector<std::shared_ptr<table::LiveTable>> TableService::tables() const {
  std::vector<std::shared_ptr<table::LiveTable>> tables;
  for (const auto& reader : readers_) {
    tables.insert(tables.end(), reader->tables().begin(), reader->tables().end());
  }
  return tables;
}

void TableService::stop() {
  // The others take the partitions over while this process still answers, by asking them.
  if (group_ != nullptr) group_->leave();
  if (service_ != nullptr) service_->stop();
  // Those who wait for a position are told here, and answer into the service, which is stopped but still there.
  readers_.clear();
  service_.reset();
  group_.reset();
  registry_.reset();
}

}  // namespace omashu::cli
