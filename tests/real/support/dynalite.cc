#include "real/support/dynalite.h"

#include <fmt/core.h>

#include <stdexcept>

#include "base/json.h"
#include "real/support/free_port.h"
#include "real/support/installed_parts.h"
#include "real/support/readiness.h"
#include "real/support/run_command.h"

namespace omashu::real {

Dynalite::Dynalite() : port_(free_port()) { start_again(); }

std::string Dynalite::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void Dynalite::start_again() {
  const std::string home = installed_part("OMASHU_REAL_DYNALITE").value();
  const std::string node = installed_part("OMASHU_REAL_JAVASCRIPT").value() + "/bin/node";
  auto started = Process::start(
      {.command = {node, home + "/node_modules/dynalite/cli.js", "--host", "127.0.0.1", "--port", std::to_string(port_),
                   "--createTableMs", "0", "--deleteTableMs", "0", "--updateTableMs", "0"},
       .stdout_file = folder_.path() / "dynalite.log"});
  if (!started) throw std::runtime_error(started.error().message);
  process_ = *std::move(started);
  const auto ready = wait_until_ready_or_dead("dynalite", *process_, [this] { return accepts_connections(port_); });
  if (!ready) throw std::runtime_error(ready.error().message);
}

void Dynalite::kill9() {
  process_->signal(9);
  (void)process_->wait(std::chrono::seconds(30));
}

std::string Dynalite::call(const std::string& operation, const std::string& body) const {
  const CommandResult result =
      run_command({"curl", "-s", "--aws-sigv4", "aws:amz:eu-central-1:dynamodb", "--user", "test:test", "-H",
                   "X-Amz-Target: DynamoDB_20120810." + operation, "-H", "Content-Type: application/x-amz-json-1.0",
                   "-w", "\n%{http_code}", "--data-binary", "@-", url() + "/"},
                  {.input = body});
  const size_t line = result.out.rfind('\n');
  if (line == std::string::npos || result.out.substr(line + 1) != "200") {
    throw std::runtime_error(fmt::format("{}: {}{}", operation, result.out, result.err));
  }
  return result.out.substr(0, line);
}

void Dynalite::create_table(const std::string& table, const std::string& hash, const std::string& sort,
                            const std::string& sort_type) const {
  std::string attributes = fmt::format(R"({{"AttributeName":"{}","AttributeType":"S"}})", hash);
  std::string schema = fmt::format(R"({{"AttributeName":"{}","KeyType":"HASH"}})", hash);
  if (!sort.empty()) {
    attributes += fmt::format(R"(,{{"AttributeName":"{}","AttributeType":"{}"}})", sort, sort_type);
    schema += fmt::format(R"(,{{"AttributeName":"{}","KeyType":"RANGE"}})", sort);
  }
  call("CreateTable",
       fmt::format(
           R"({{"TableName":"{}","AttributeDefinitions":[{}],"KeySchema":[{}],"BillingMode":"PAY_PER_REQUEST"}})",
           table, attributes, schema));
}

std::map<std::string, std::vector<std::string>> Dynalite::scan(const std::string& table,
                                                               const std::string& hash) const {
  std::map<std::string, std::vector<std::string>> items;
  std::string start;
  do {
    const std::string body = call("Scan", fmt::format(R"({{"TableName":"{}","ConsistentRead":true{}}})", table, start));
    const json::Value page = json::parse(body).value();
    for (const json::Value& item : page.find("Items")->items()) {
      items[item.find(hash)->members().at(0).value.text()].push_back(json::to_text(item));
    }
    const json::Value* last = page.find("LastEvaluatedKey");
    start = last == nullptr ? "" : R"(,"ExclusiveStartKey":)" + json::to_text(*last);
  } while (!start.empty());
  return items;
}

std::vector<std::pair<std::string, std::string>> aws_test_environment() {
  return {{"AWS_ACCESS_KEY_ID", "test"}, {"AWS_SECRET_ACCESS_KEY", "test"}, {"AWS_REGION", "eu-central-1"}};
}

}  // namespace omashu::real
