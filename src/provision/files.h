// Files, read and written whole.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::provision {

// How the files are read: from the disk, from a saved plan, or from a test's table.
using ReadFile = std::function<Result<std::string>(const std::string& path)>;
using FileTexts = std::map<std::string, std::string>;  // by path

// From the disk, at most 16 MiB.
Result<std::string> read_file(const std::string& path);

// From the table, which must outlive the reader.
ReadFile read_from(const FileTexts& texts);

// As `read`, and keeps what was read in `texts`, which must outlive the reader.
ReadFile recording(ReadFile read, FileTexts& texts);

// In one piece: a reader sees the old text or the new one. The folder must exist.
Result<void> write_file(const std::string& path, std::string_view text);

}  // namespace omashu::provision
