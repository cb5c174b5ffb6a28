// Which topics of `omashu up` are served as tables: every compacted one but those that begin with an underscore
// (__consumer_offsets, _schemas), from the start or since it was made.

#pragma once

#include <set>
#include <string>
#include <vector>

#include "broker/handler/broker.h"
#include "cli/command.h"
#include "cli/server/table_service.h"
#include "omashu/result.h"
#include "table/live/table_options.h"

namespace omashu::cli {

class ServedTopics {
 public:
  // Both must outlive it.
  ServedTopics(broker::Broker& broker, TableService& service) : broker_(broker), service_(service) {}

  // Opens the tables of the topics that there are, as `described` where a file says more of them, and answers.
  Result<void> serve(const std::string& bootstrap_server, const std::string& registry_url,
                     std::vector<table::TableOptions> described);

  // Serves those that were made since. One that cannot be is told of once.
  void serve_new_topics(Context& context);

 private:
  // By name, those that are not served yet; from here on they are known.
  std::vector<std::string> take_new_topics();

  broker::Broker& broker_;
  TableService& service_;
  std::set<std::string> known_;  // by name
};

}  // namespace omashu::cli
