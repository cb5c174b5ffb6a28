// The records at the end of topics, for init-kafka's check of data.

#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "cli/command.h"
#include "kafka/consumer.h"
#include "provision/data_check.h"

namespace omashu::cli {

class LastRecords : public provision::RecordSource {
 public:
  // Reads up to the end that each topic has when its turn comes. Gives up where no record comes within `timeout`.
  static Result<std::unique_ptr<LastRecords>> open(Context& context, const kafka::ClientConfig& config,
                                                   std::chrono::milliseconds timeout);

  Result<void> read_last(const std::string& topic, std::optional<int64_t> count,
                         const std::function<Result<void>(const kafka::Message&)>& visit) override;

 private:
  LastRecords(Context& context, std::unique_ptr<kafka::Consumer> consumer, std::chrono::milliseconds timeout)
      : context_(context), consumer_(std::move(consumer)), timeout_(timeout) {}

  Context& context_;
  std::unique_ptr<kafka::Consumer> consumer_;
  std::chrono::milliseconds timeout_;
};

}  // namespace omashu::cli
