// The two visitors that read and write a message by its declaration (message.h). Only request_codecs.cc and
// response_codecs.cc include this, and instantiate MessageCodec for all messages.

#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "broker/protocol/frame.h"
#include "broker/protocol/message.h"
#include "broker/protocol/wire_reader.h"
#include "broker/protocol/wire_writer.h"

namespace omashu::broker {

template <class Type>
concept WireString = std::same_as<Type, std::string> || std::same_as<Type, std::string_view>;

template <class Type>
concept WireBytes = std::same_as<Type, Bytes> || std::same_as<Type, BytesView>;

template <class Type>
concept WireArray = std::same_as<Type, std::vector<typename Type::value_type>>;

// What has its length before it, and may therefore be null.
template <class Type>
concept WireSized = WireString<Type> || WireBytes<Type> || WireArray<Type>;

template <class Type>
concept WireNullable = std::same_as<Type, std::optional<typename Type::value_type>>;

class MessageReader {
 public:
  MessageReader(WireReader& in, int16_t version, bool compact) : in_(in), version_(version), compact_(compact) {}

  template <class Field>
  void operator()(Field& field, FieldVersions versions = {}) {
    if (!versions.contain(version_)) return;
    may_be_null_ = versions.first_nullable <= version_;
    read(field);
  }

  template <class Type>
  void read(Type& value) {
    if constexpr (std::same_as<Type, bool>) {
      value = in_.integer<uint8_t>() != 0;
    } else if constexpr (std::integral<Type>) {
      value = in_.integer<Type>();
    } else if constexpr (std::same_as<Type, double>) {
      value = std::bit_cast<double>(in_.integer<uint64_t>());
    } else if constexpr (std::is_enum_v<Type>) {
      value = Type{in_.integer<std::underlying_type_t<Type>>()};
    } else if constexpr (std::same_as<Type, Uuid>) {
      std::ranges::copy(in_.take(value.bytes.size()), value.bytes.begin());
    } else if constexpr (std::same_as<Type, Records>) {
      value.data = in_.take(in_.bytes_length(compact_).value_or(0));
      value.size_bytes = value.data.size();
    } else if constexpr (WireNullable<Type>) {
      read_nullable(value);
    } else if constexpr (WireSized<Type>) {
      const std::optional<size_t> length = length_of<Type>();
      if (!length) return in_.fail("null stands where it is not allowed");
      read_sized(value, *length);
    } else {
      Type::fields(value, *this);
      if (compact_) in_.skip_tagged_fields();
    }
  }

 private:
  template <WireSized Type>
  std::optional<size_t> length_of() {
    if constexpr (WireString<Type>) {
      return in_.string_length(compact_);
    } else if constexpr (WireBytes<Type>) {
      return in_.bytes_length(compact_);
    } else {
      return in_.array_length(compact_);
    }
  }

  template <WireSized Type>
  void read_nullable(std::optional<Type>& value) {
    const bool may_be_null = may_be_null_;
    const std::optional<size_t> length = length_of<Type>();
    if (length) return read_sized(value.emplace(), *length);
    if (!may_be_null) in_.fail("null stands where it is not allowed");
  }

  // A struct that may be null has a byte before it, which is negative where it is.
  template <class Struct>
  void read_nullable(std::optional<Struct>& value) {
    const bool may_be_null = may_be_null_;
    if (in_.integer<int8_t>() >= 0) {
      value = Struct{};  // clang finds no emplace() for a struct within the one that holds it
      return read(*value);
    }
    if (!may_be_null) in_.fail("null stands where it is not allowed");
  }

  template <WireSized Type>
  void read_sized(Type& value, size_t length) {
    if constexpr (WireString<Type>) {
      value = in_.take(length);
    } else if constexpr (WireBytes<Type>) {
      value.data = in_.take(length);
    } else {
      // No more is reserved than the frame takes; beyond that, elements must come before there is space for them.
      value.reserve(std::min(length, in_.remaining() / sizeof(typename Type::value_type) + 1));
      for (; length > 0 && in_.ok(); --length) read(value.emplace_back());
    }
  }

  WireReader& in_;
  const int16_t version_;
  const bool compact_;
  bool may_be_null_ = false;  // the field that is being read
};

class MessageWriter {
 public:
  MessageWriter(EncodedFrame& out, int16_t version, bool compact) : out_(out), version_(version), compact_(compact) {}

  template <class Field>
  void operator()(const Field& field, FieldVersions versions = {}) {
    if (!versions.contain(version_)) return;
    may_be_null_ = versions.first_nullable <= version_;
    write(field);
  }

  template <class Type>
  void write(const Type& value) {
    if constexpr (std::same_as<Type, bool>) {
      append_integer(out_.bytes, static_cast<uint8_t>(value));
    } else if constexpr (std::integral<Type>) {
      append_integer(out_.bytes, value);
    } else if constexpr (std::same_as<Type, double>) {
      append_integer(out_.bytes, std::bit_cast<uint64_t>(value));
    } else if constexpr (std::is_enum_v<Type>) {
      append_integer(out_.bytes, static_cast<std::underlying_type_t<Type>>(value));
    } else if constexpr (std::same_as<Type, Uuid>) {
      out_.bytes.append(value.bytes.begin(), value.bytes.end());
    } else if constexpr (std::same_as<Type, Records>) {
      append_bytes_length(out_.bytes, value.size_bytes, compact_);
      if (value.size_bytes > 0) out_.gaps.push_back({out_.bytes.size(), value.size_bytes});
    } else if constexpr (WireNullable<Type>) {
      write_nullable(value);
    } else if constexpr (WireString<Type>) {
      const std::string_view text = as_wire_string(value);
      append_string_length(out_.bytes, text.size(), compact_);
      out_.bytes += text;
    } else if constexpr (WireBytes<Type>) {
      append_bytes_length(out_.bytes, value.data.size(), compact_);
      out_.bytes += value.data;
    } else if constexpr (WireArray<Type>) {
      append_bytes_length(out_.bytes, value.size(), compact_);
      for (const auto& element : value) write(element);
    } else {
      Type::fields(value, *this);
      if (compact_) append_unsigned_varint(out_.bytes, 0);  // tagged fields
    }
  }

 private:
  template <WireSized Type>
  void write_nullable(const std::optional<Type>& value) {
    if (value) {
      write(*value);
    } else if (!may_be_null_) {
      write(Type{});
    } else if (WireString<Type>) {
      append_null_string(out_.bytes, compact_);
    } else {
      append_null_bytes(out_.bytes, compact_);
    }
  }

  template <class Struct>
  void write_nullable(const std::optional<Struct>& value) {
    append_integer(out_.bytes, static_cast<int8_t>(value || !may_be_null_ ? 1 : -1));
    if (value || !may_be_null_) write(value.value_or(Struct{}));
  }

  EncodedFrame& out_;
  const int16_t version_;
  const bool compact_;
  bool may_be_null_ = false;  // the field that is being written
};

template <class Message>
Result<Message> MessageCodec<Message>::decode(std::string_view body, int16_t version, LeftOver left_over) {
  constexpr const Api& kApi = Message::kApi;
  assert(kApi.versions.contains(version));
  WireReader in(body);
  Message message;
  MessageReader(in, version, kApi.is_flexible(version)).read(message);
  if (left_over == LeftOver::kRefused && in.ok() && in.remaining() > 0) in.fail("there are bytes left over");
  if (in.ok()) return message;
  return fail(ErrorCode::kCorrupt, fmt::format("{} v{}: byte {}: {}", kApi.name, version, in.position(), in.failure()));
}

template <class Message>
void MessageCodec<Message>::append(const Message& message, int16_t version, EncodedFrame& out) {
  constexpr const Api& kApi = Message::kApi;
  assert(kApi.versions.contains(version));
  MessageWriter(out, version, kApi.is_flexible(version)).write(message);
}

}  // namespace omashu::broker
