// One attempt to download a file: into FILE.part, on from where an earlier attempt ended, and renamed once it is whole.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

struct Download {
  std::string url;
  std::optional<std::string> sha256;  // hexadecimal, where it is known
  std::filesystem::path file;
  long stall_seconds = 20;  // without a byte for so long, the attempt ends
};

struct Outcome {
  enum Kind { kDone, kTryAgain, kNever, kStopped } kind = kDone;
  std::string reason = {};
  int64_t bytes = 0;
};

// Called as bytes come; false ends the attempt.
using OnProgress = std::function<bool(int64_t bytes, std::optional<int64_t> total)>;

Outcome run_download(const Download& download, const OnProgress& on_progress);
