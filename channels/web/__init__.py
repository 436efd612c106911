"""The web chat: one page that works with and without JavaScript, and the calls it makes.

GET /                 the page with the conversation so far        POST /chat            a message from its form
GET /transcript       the conversation as a text file              GET, POST /forget     delete the conversation
POST /api/messages    a message from the script (JSON)             GET /api/events       what Dalil said since
POST /api/ratings     from the script: did an answer help?         POST /rate            the same from its form
"""
