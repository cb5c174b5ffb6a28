// How many files and connections this process may have open (RLIMIT_NOFILE).

#pragma once

#include <cstddef>

namespace omashu::net {

// Raises the soft limit to the hard one, or to a million where that is less, and returns what to reckon with then: at
// least 64, at most a million.
size_t raise_open_file_limit();

// How the open files of a process with a broker, a registry or both are divided: so many of `limit` for each. What is
// left is for everything else: standard streams, data files that are replaced, and clients within the process. Below
// 128 there is not enough for all of them.
struct OpenFileShares {
  size_t log_files = 0;
  size_t broker_connections = 0;
  size_t http_connections = 0;
};
OpenFileShares divide_open_files(size_t limit);

}  // namespace omashu::net
