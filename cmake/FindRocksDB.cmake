# The static RocksDB of librocksdb-dev as RocksDB::rocksdb. The package's own configuration asks for gflags, which only
# RocksDB's tools use, and leaves bzip2 a shared library.

include(FindPackageHandleStandardArgs)

find_path(RocksDB_INCLUDE_DIR rocksdb/db.h)
find_library(RocksDB_LIBRARY NAMES librocksdb.a)
find_library(RocksDB_BZip2_LIBRARY NAMES libbz2.a)
mark_as_advanced(RocksDB_INCLUDE_DIR RocksDB_LIBRARY RocksDB_BZip2_LIBRARY)
if(RocksDB_LIBRARY AND RocksDB_BZip2_LIBRARY AND RocksDB_INCLUDE_DIR AND NOT TARGET RocksDB::rocksdb)
  find_package(Threads REQUIRED)
  find_package(ZLIB REQUIRED)
  add_library(RocksDB::rocksdb STATIC IMPORTED)
  set_target_properties(RocksDB::rocksdb PROPERTIES
    IMPORTED_LOCATION ${RocksDB_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${RocksDB_INCLUDE_DIR}
    # omashu exports its functions, for backtraces. Those of RocksDB would be 10,000 more, and its start 1 ms longer.
    INTERFACE_LINK_OPTIONS "LINKER:--exclude-libs,librocksdb.a:libbz2.a"
    INTERFACE_LINK_LIBRARIES "${RocksDB_BZip2_LIBRARY};snappy;lz4;zstd;ZLIB::ZLIB;Threads::Threads;${CMAKE_DL_LIBS}")
endif()

find_package_handle_standard_args(RocksDB
  REQUIRED_VARS RocksDB_LIBRARY RocksDB_BZip2_LIBRARY RocksDB_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "librocksdb-dev is missing: run scripts/install-deps")
