// One pair of functions for each codec, in a file of its own. What decompressing gives is added to `out`, which may
// hold up to `max_bytes`; false where the bytes make no sense or there are more.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace omashu::broker {

bool gzip_decompress(std::string_view bytes, size_t max_bytes, std::string& out);
bool gzip_compress(std::string_view bytes, std::optional<int> level, std::string& out);

// Raw, or in the frame of Java's snappy; written in that frame, because Java's clients read no other.
bool snappy_decompress(std::string_view bytes, size_t max_bytes, std::string& out);
bool snappy_compress(std::string_view bytes, std::string& out);

// The frame format.
bool lz4_decompress(std::string_view bytes, size_t max_bytes, std::string& out);
bool lz4_compress(std::string_view bytes, std::optional<int> level, std::string& out);

bool zstd_decompress(std::string_view bytes, size_t max_bytes, std::string& out);
bool zstd_compress(std::string_view bytes, std::optional<int> level, std::string& out);

// Grows `out` for a decompressor that writes in pieces. False where max_bytes are full already.
bool make_room(std::string& out, size_t used, size_t max_bytes);

}  // namespace omashu::broker
