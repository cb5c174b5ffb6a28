// A DynamoDB for tests: dynalite, a server with its API in memory, on a free port of the loopback interface. It has no
// transactions, no time to live, never throttles, and takes any signature.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class Dynalite {
 public:
  Dynalite();  // returns when it answers; throws where it does not

  std::string url() const;

  // The body of its answer to `operation` ("PutItem"), asked with curl, which signs by itself. Throws where the status
  // is not 200.
  std::string call(const std::string& operation, const std::string& body) const;

  // Makes a table; `sort` may be "". Types are S or N.
  void create_table(const std::string& table, const std::string& hash, const std::string& sort = "",
                    const std::string& sort_type = "S") const;

  // The items of a table, as DynamoDB's JSON has them, by the text of the attribute `hash`.
  std::map<std::string, std::vector<std::string>> scan(const std::string& table, const std::string& hash) const;

  // The same as a crash of it, and what it was asked for is lost; it starts again empty on the same port.
  void kill9();
  void start_again();

 private:
  ScratchFolder folder_;
  int port_ = 0;
  std::unique_ptr<Process> process_;
};

// The environment by which a program finds it.
std::vector<std::pair<std::string, std::string>> aws_test_environment();

}  // namespace omashu::real
