# Everything comes from the distribution's packages; nothing is downloaded.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(simdjson REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(CLI11 REQUIRED)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Widgets PrintSupport)
find_package(QCustomPlotQt6 REQUIRED)
find_package(Qt6Keychain REQUIRED)

if(EVENTSCOPE_BUILD_TESTS)
    find_package(GTest REQUIRED)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
endif()

# The allocator decides how fast events come in: page faults of the default one cost more than
# the parsing. Sanitizers bring their own.
add_library(eventscope_allocator INTERFACE)
if(NOT EVENTSCOPE_SANITIZE)
    find_library(TCMALLOC_MINIMAL tcmalloc_minimal)
    if(TCMALLOC_MINIMAL)
        target_link_libraries(eventscope_allocator INTERFACE ${TCMALLOC_MINIMAL})
    endif()
endif()
