# What a server with the inspector serves under /_simws/.
set(inspector_files)
foreach(file index.html inspector.css inspector.js link.js store.js format.js table.js charts.js
    broker.js view_overview.js view_connections.js view_topics.js view_messages.js view_log.js
    vendor/uPlot.esm.js vendor/uPlot.min.css vendor/uPlot-license.txt)
  list(APPEND inspector_files ${PROJECT_SOURCE_DIR}/packages/inspector/${file})
endforeach()
list(APPEND inspector_files ${PROJECT_SOURCE_DIR}/packages/js/simws.min.js)
