// How a server says that it is ready, to scripts and to systemd.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "omashu/result.h"

namespace omashu::cli {

class Readiness {
 public:
  // `file`: its path, where one is wanted. It is there while the server is ready, and not before or after: what an
  // earlier server left there when it was killed is removed.
  explicit Readiness(std::optional<std::string> file);
  ~Readiness();
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  // Writes the file as lines `NAME=value` for a shell to source: it is there whole or not at all. Tells systemd, where
  // it asks to be told (sd_notify(3)).
  Result<void> tell(const std::vector<std::pair<std::string, std::string>>& addresses);

 private:
  void remove_file() const;

  const std::optional<std::string> file_;
};

}  // namespace omashu::cli
