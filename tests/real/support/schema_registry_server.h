// The schema registry that a test runs against: Apicurio's, or that of `omashu up`, as OMASHU_REAL_SERVERS says.

#pragma once

#include <memory>
#include <string>

#include "omashu/result.h"

namespace omashu::real {

class SchemaRegistryServer {
 public:
  // Returns when it answers. Compatibility is BACKWARD for all subjects.
  static Result<std::unique_ptr<SchemaRegistryServer>> start();
  virtual ~SchemaRegistryServer() = default;

  virtual int port() const = 0;
  virtual std::string url_at(int port) const = 0;     // through a proxy that listens there
  std::string url() const { return url_at(port()); }  // without a slash at the end

  virtual void kill9() = 0;                // SIGKILL, and waits for the end; Apicurio's schemas are gone
  virtual Result<void> start_again() = 0;  // on the same port; returns when it answers

  // SIGSTOP and SIGCONT: a registry that accepts connections and does not answer.
  virtual void freeze() = 0;
  virtual void thaw() = 0;
};

}  // namespace omashu::real
