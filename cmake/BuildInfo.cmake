# Writes OUTPUT from INPUT with the present commit; run at build time, so that the commit is never a stale one. The file
# is left alone where nothing changed, so that nothing is compiled again.

set(OMASHU_COMMIT "")
execute_process(
  COMMAND git -C ${SOURCE_DIR} describe --always --dirty --abbrev=12 --exclude=*
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(NOT failed)
  set(OMASHU_COMMIT ${commit})
endif()
configure_file(${INPUT} ${OUTPUT} @ONLY)
