// The statements by which rows are written, for columns in their order.
//
// The fields come as one array for each column ($1, $2…), or out of the temporary table that COPY has filled.

#pragma once

#include <string>
#include <vector>

#include "sink/postgres/column.h"
#include "sink/postgres/names.h"

namespace omashu::sink::postgres {

// A column as a statement writes it.
struct WrittenColumn {
  const Column* column = nullptr;
  std::string cast_type;  // of the column in the table, without its modifier: what the fields are cast to
};

enum class FieldSource : uint8_t { kArrays, kStaging };

// INSERT … ON CONFLICT DO UPDATE, where the record is newer than the row's: behind it in the same partition; between
// partitions, whose orders know nothing of each other, by timestamp and then by the number of the partition.
std::string upsert_statement(const TableName& table, const std::vector<WrittenColumn>& columns,
                             const std::vector<std::string>& key, FieldSource source);

// DELETE with the same guard. `columns` are those of the key, and partition, offset and timestamp.
std::string delete_statement(const TableName& table, const std::vector<WrittenColumn>& columns,
                             const std::vector<std::string>& key, FieldSource source);

// INSERT; a record that is there already stays as it is.
std::string append_statement(const TableName& table, const std::vector<WrittenColumn>& columns,
                             const std::vector<std::string>& key, FieldSource source);

// The temporary table of FieldSource::kStaging, which ends with its transaction, and COPY into it.
std::string staging_creation(const std::vector<WrittenColumn>& columns);
std::string staging_copy();

}  // namespace omashu::sink::postgres
