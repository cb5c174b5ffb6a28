// An HTTP server of made-up files that is as bad as servers are: it answers 503, cuts, stalls, lies about lengths, and
// sends wrong bytes. What it does to a request follows from the file and from how often it was asked for, so that every
// file comes in the end. Ranges are answered, with ETags. On a free port of the loopback interface; everything ends
// with the object.

#pragma once

#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace omashu::real {

class UnreliableFileServer {
 public:
  UnreliableFileServer();
  ~UnreliableFileServer();

  // The bytes of file `number`.
  static std::string content(int number);

  std::string url(int number) const;           // comes after some faults
  std::string missing_url(int number) const;   // 404
  std::string broken_url(int number) const;    // 503, always
  std::string stalling_url(int number) const;  // a third of the file, and then nothing, always

 private:
  void serve();
  void answer(int socket, const std::string& head);

  int listener_ = -1;
  int port_ = 0;
  Mutex mutex_;
  std::map<std::string, int> asked_ GUARDED_BY(mutex_);  // how often, by path
  std::set<int> sockets_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // each serves a connection at a time
};

}  // namespace omashu::real
