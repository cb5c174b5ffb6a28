// A PostgreSQL of its own: a free port of the loopback interface, an empty cluster in a scratch folder. It
// ends with this object, and with the test program however that ends.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {

class PostgresServer {
 public:
  // Throws where it does not answer in time. `settings` are "name=value" of postgresql.conf.
  explicit PostgresServer(std::vector<std::string> settings = {});

  // For libpq: "host=127.0.0.1 port=… user=test dbname=postgres".
  std::string dsn() const;
  // For Java's driver.
  std::string jdbc_url() const;

  // Runs statements and returns what they print, unaligned, a line for each row, without headers. Throws where one
  // fails.
  std::string query(const std::string& sql) const;

  // SIGQUIT, which is a crash: the next start recovers from the log.
  void crash();
  void stop();  // SIGINT: closes the connections and ends in order
  void start_again();

 private:
  std::vector<std::string> as_server_user(std::vector<std::string> command) const;

  ScratchFolder folder_;
  std::string programs_;  // the folder of postgres, initdb and psql
  std::vector<std::string> settings_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace omashu::real
